import type { ConfigBlock } from './config-block.ts';
import { expandTokens } from './option-tokens.ts';

/** A `HostName` line and its block; `null` before the first block. */
export interface HostNameLine {
  readonly value: string;
  readonly block: ConfigBlock | null;
}

/** True if `name` is the address of another alias, by its HostName or with a domain of CanonicalDomains: then it is that host, not a new one. */
export function isAddressOfAlias(
  name: string,
  aliases: Iterable<string>,
  hostNames: readonly HostNameLine[],
  domains: readonly string[],
): boolean {
  const wanted = name.toLowerCase();
  const lines = hostNames.filter(({ value }) => value.includes('%') || value.toLowerCase() === wanted);
  for (const alias of aliases) {
    const own = alias.toLowerCase();
    if (domains.some((domain) => `${own}.${domain.toLowerCase()}` === wanted)) return true;
    for (const { value, block } of lines) {
      const address = expandTokens(value, { '%': '%', h: alias }).toLowerCase();
      if (address === wanted && (block === null || block.mayApply(alias))) return true;
    }
  }
  return false;
}
