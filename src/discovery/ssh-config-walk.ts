import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { codeOf, messageOf } from '../lib/errors.ts';
import { type ConfigBlock, type MatchBlock, parseHostBlock, parseMatchBlock } from './config-block.ts';
import { type HostNameLine, isAddressOfAlias } from './host-addresses.ts';
import { isHostName, isLiteral, matchesHostLine } from './host-patterns.ts';
import { expandGlob } from './include-glob.ts';
import { parseConfigLine, splitWords } from './ssh-config-line.ts';
import { expandTilde, thisMachine } from './this-machine.ts';

/** A file that the answer depends on, as it was: when it changes, so may the answer. */
export interface SeenFile {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  /** Bytes. */
  readonly size: number;
}

export interface SshConfigWalk {
  /**
   * Every alias that a `Host` or `Match` line names, once, in file order. Patterns and negations are not hosts; nor are names in `Match host` that
   * are the HostName of another alias.
   */
  readonly aliases: readonly string[];
  /** The first line that names each alias, as `FILE line N`. */
  readonly places: ReadonlyMap<string, string>;
  readonly files: readonly SeenFile[];
  /** True if a `Match exec` runs a user's command to decide what applies. */
  readonly hasMatchExec: boolean;
  /**
   * True if the result depends on the network: `CanonicalizeHostname` asks the name servers, `Match localnetwork` the
   * interfaces.
   */
  readonly asksNetwork: boolean;
  /** Names of the environment variables that the files mention. */
  readonly variables: readonly string[];
  /** What could not be read, for display. */
  readonly warnings: readonly string[];
}

/** Depth of nested includes at which ssh gives up (READCONF_MAX_DEPTH in OpenSSH's readconf.c). */
const MAX_DEPTH = 16;
const VARIABLE = /\$\{?([A-Za-z_][A-Za-z0-9_]*)/g;

/**
 * Reads an ssh config and all that it includes, as OpenSSH does. A missing first file is an empty configuration. `home` is where `~` points,
 * `folder` where relative includes are.
 */
export async function walkSshConfig(path: string, home: string, folder = join(home, '.ssh')): Promise<SshConfigWalk> {
  const walk = new Walk(home, folder);
  await walk.visit(path, []);
  return walk.result();
}

/** The block of a line; `null` before the first one. */
type Block = ConfigBlock | null;

class Walk {
  /** The place of each name. Names from `Match host` are kept apart: they may be addresses of other aliases. */
  readonly #aliases = new Map<string, { readonly where: string; readonly byAddress: boolean }>();
  readonly #hostNames: HostNameLine[] = [];
  readonly #domains: string[] = [];
  readonly #files = new Map<string, SeenFile>();
  readonly #variables = new Set<string>();
  readonly #warnings: string[] = [];
  readonly #machine = thisMachine();
  readonly #home: string;
  readonly #folder: string;
  #hasMatchExec = false;
  #asksNetwork = false;
  /** ssh refuses such files; to follow the other includes of a circle would take exponential time. */
  #tooDeep = false;

  constructor(home: string, folder: string) {
    this.#home = home;
    this.#folder = folder;
  }

  /** `within` are the blocks around the Includes that led here, outermost first. */
  async visit(file: string, within: readonly Block[]): Promise<void> {
    if (within.length > MAX_DEPTH) {
      this.#tooDeep = true;
      this.#warnings.push(`${file}: more than ${MAX_DEPTH} levels of Include; the rest is not read`);
      return;
    }
    const text = await this.#read(file, within.length > 0);
    if (text === null) return;
    for (const [, name] of text.matchAll(VARIABLE)) if (name !== undefined) this.#variables.add(name);
    let block: Block = null;
    for (const [index, source] of text.split('\n').entries()) {
      const line = parseConfigLine(source);
      if (line === null) continue;
      const words = splitWords(line.rest);
      const where = `${file} line ${index + 1}`;
      if (line.keyword === 'match') {
        const match = parseMatchBlock(line.rest, this.#machine.username);
        block = match;
        this.#addMatch(match, within, where);
      } else if (words === null) this.#warnings.push(`${where}: a quote is not closed`);
      else if (line.keyword === 'host') {
        block = parseHostBlock(words);
        this.#addAliases(words, within, where);
      } else if (line.keyword === 'include') {
        for (const word of words)
          for (const found of await this.#expandInclude(word, where))
            if (!this.#tooDeep) await this.visit(found, [...within, block]);
      } else if (line.keyword === 'canonicalizehostname' && !/^(no|false)$/.test(words[0] ?? '')) {
        this.#asksNetwork = true;
      } else if (line.keyword === 'hostname') this.#hostNames.push({ value: words[0] ?? '', block });
      else if (line.keyword === 'canonicaldomains') this.#domains.push(...words);
    }
  }

  result(): SshConfigWalk {
    const typed = [...this.#aliases].filter(([, { byAddress }]) => !byAddress).map(([name]) => name);
    const isListed = (name: string, byAddress: boolean) =>
      !byAddress || !isAddressOfAlias(name, typed, this.#hostNames, this.#domains);
    const listed = [...this.#aliases].filter(([name, { byAddress }]) => isListed(name, byAddress));
    return {
      aliases: listed.map(([name]) => name),
      places: new Map(listed.map(([name, { where }]) => [name, where])),
      files: [...this.#files.values()],
      hasMatchExec: this.#hasMatchExec,
      asksNetwork: this.#asksNetwork,
      variables: [...this.#variables].sort(),
      warnings: this.#warnings,
    };
  }

  async #read(file: string, included: boolean): Promise<string | null> {
    try {
      const { mtimeMs, size } = await stat(file);
      const text = await readFile(file, 'utf8');
      this.#files.set(file, { path: file, mtime: mtimeMs, size });
      return text;
    } catch (error) {
      // ssh silently reads nothing from a folder that an Include names.
      const code = codeOf(error);
      const silent = code === 'ENOENT' || (included && code === 'EISDIR');
      if (!silent) this.#warnings.push(`${file}: cannot be read: ${code ?? messageOf(error)}`);
      return null;
    }
  }

  #addMatch({ criteria, originalHosts, hosts }: MatchBlock, within: readonly Block[], where: string): void {
    if (criteria.some(({ name }) => name === 'exec')) this.#hasMatchExec = true;
    if (criteria.some(({ name }) => name === 'localnetwork')) this.#asksNetwork = true;
    for (const name of originalHosts) this.#addAlias(name, within, where);
    for (const name of hosts) this.#addAlias(name, within, where, true);
  }

  #addAliases(words: readonly string[], within: readonly Block[], where: string): void {
    const negations = words.filter((word) => word.startsWith('!'));
    for (const name of words.filter(isLiteral)) {
      if (matchesHostLine(name, [name, ...negations])) this.#addAlias(name, within, where);
    }
  }

  #addAlias(name: string, within: readonly Block[], where: string, byAddress = false): void {
    if (!isHostName(name)) {
      this.#warnings.push(`${where}: ${JSON.stringify(name)} is not listed: ssh does not accept it as a host name`);
      return;
    }
    // An Include belongs to the block above it, which surprises many users: ssh reads such a file only for the hosts of that block.
    const hiding = within.find((block) => block !== null && !block.mayApply(name));
    if (hiding === undefined || hiding === null) {
      const known = this.#aliases.get(name);
      if (known === undefined || (known.byAddress && !byAddress)) {
        this.#aliases.set(name, { where: known?.where ?? where, byAddress });
      }
    } else if (!byAddress) {
      this.#warnings.push(`${where}: ${name} is not listed: its file is included below "${hiding.title}"`);
    }
  }

  async #expandInclude(word: string, where: string): Promise<string[]> {
    // Only newer versions of OpenSSH expand variables, but configurations for older ones do not contain them.
    const named = word.replace(/\$\{([^}]*)\}/g, (whole, name: string) => this.#machine.environment[name] ?? whole);
    if (named === '') return [];
    const path = expandTilde(named, { ...this.#machine, home: this.#home });
    if (path === null) {
      this.#warnings.push(`${where}: there is no user ${named.split('/')[0]?.slice(1)}`);
      return [];
    }
    return await expandGlob(isAbsolute(path) ? path : join(this.#folder, path));
  }
}
