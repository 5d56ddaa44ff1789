/** One hop of a ProxyJump; `null` fields are left to the ssh configuration of that host. */
export interface JumpDestination {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
}

const MAX_PORT = 65_535;

/**
 * Parses a value of ssh_config(5), ProxyJump: hops joined by commas, nearest first, each `[user@]host[:port]` or
 * `ssh://[user@]host[:port]`, IPv6 addresses in brackets. `none` is no hop. Returns `null` if ssh would refuse it.
 */
export function parseProxyJump(text: string): JumpDestination[] | null {
  if (text.toLowerCase() === 'none') return [];
  const hops: JumpDestination[] = [];
  for (const part of text.split(',')) {
    const hop = parseHop(part);
    if (hop === null) return null;
    hops.push(hop);
  }
  return hops;
}

function parseHop(text: string): JumpDestination | null {
  const uri = /^ssh:\/\/([^/]*)\/?$/i.exec(text)?.[1];
  const [address, at] = splitUser(uri ?? text);
  const user = uri === undefined || at === null ? at : decodeUser(at);
  // A leading `-` would be an option to a program that is started with the name.
  if (user !== null && (user === '' || user.startsWith('-'))) return null;
  const match = /^(?:\[([^\][]+)\]|([^\][:/@]+))(?::(\d{1,5}))?$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || host.startsWith('-') || /[\s\p{Cc}]/u.test(address)) return null;
  const port = match?.[3] === undefined ? null : Number(match[3]);
  return port === 0 || (port ?? 0) > MAX_PORT ? null : { host, user, port };
}

/** The last `@` counts, as in OpenSSH: a user's name may hold others. */
function splitUser(text: string): [address: string, user: string | null] {
  const at = text.lastIndexOf('@');
  return at < 0 ? [text, null] : [text.slice(at + 1), text.slice(0, at)];
}

/** Decodes the percent-encoded user of a URI; ssh ignores parameters after `;`. Returns '' for an invalid encoding. */
function decodeUser(text: string): string {
  try {
    return decodeURIComponent(text.split(';')[0] ?? '');
  } catch {
    return '';
  }
}
