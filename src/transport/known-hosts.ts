import { createHmac } from 'node:crypto';

/** A line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHostsEntry {
  readonly file: string;
  readonly line: number;
  readonly marker: 'cert-authority' | 'revoked' | null;
  readonly hosts: string;
  readonly keyType: string;
  /** The public key's blob, base64. */
  readonly key: string;
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  /** No entry for this host and type of key. */
  | { readonly kind: 'unknown' }
  /** Another key of this type is on record, or this very key is revoked. */
  | { readonly kind: 'changed' | 'revoked'; readonly entry: KnownHostsEntry };

/** Parses the text of a known_hosts file. Lines that are not entries are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHostsEntry[] {
  const entries: KnownHostsEntry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const fields = line.trim().split(/[ \t]+/);
    if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) continue;
    const marker = fields[0] === '@cert-authority' ? 'cert-authority' : fields[0] === '@revoked' ? 'revoked' : null;
    if (marker === null && fields[0].startsWith('@')) continue;
    if (marker !== null) fields.shift();
    const [hosts, keyType, key] = fields;
    if (hosts === undefined || keyType === undefined || key === undefined) continue;
    entries.push({ file, line: index + 1, marker, hosts, keyType, key });
  }
  return entries;
}

/** The name under which ssh records a host: the alias of its key, or its name, with the port when it is not 22. */
export function knownHostsName(hostname: string, port: number, hostKeyAlias: string | null): string {
  if (hostKeyAlias !== null) return hostKeyAlias.toLowerCase();
  return port === 22 ? hostname.toLowerCase() : `[${hostname.toLowerCase()}]:${port}`;
}

/** The entries that speak of a host. */
export function matchingEntries(entries: readonly KnownHostsEntry[], name: string): KnownHostsEntry[] {
  return entries.filter((entry) => matchesHosts(entry.hosts, name));
}

/** Judges a key (base64 blob) that a host presented, by the entries that speak of that host. Revocation wins over all else. */
export function judgeHostKey(matching: readonly KnownHostsEntry[], keyType: string, key: string): HostKeyVerdict {
  const revoked = matching.find((entry) => entry.marker === 'revoked' && entry.key === key);
  if (revoked) return { kind: 'revoked', entry: revoked };
  const plain = matching.filter((entry) => entry.marker === null);
  if (plain.some((entry) => entry.key === key)) return { kind: 'known' };
  const other = plain.find((entry) => entry.keyType === keyType);
  return other ? { kind: 'changed', entry: other } : { kind: 'unknown' };
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  let matched = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (matchesPattern(pattern, name)) {
      matched = true;
    }
  }
  return matched;
}

/** `|1|base64(salt)|base64(HMAC-SHA1(salt, name))`. */
function matchesHash(hosts: string, name: string): boolean {
  const [, version, salt, hash] = hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matchesPattern(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
