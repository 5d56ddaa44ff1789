import { createHmac, randomBytes } from 'node:crypto';
import { readPublicKey } from './host-key-blob.ts';

/** A line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHostsEntry {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'cert-authority' | 'revoked' | null;
  /** As written: patterns with commas between them, or one hash. */
  readonly hosts: string;
  readonly keyType: string;
  /** The public key's blob, base64 in its one canonical spelling. */
  readonly key: string;
}

export type HostKeyVerdict =
  | { readonly kind: 'unknown' }
  /** `changed`: other keys are on record, this one is not. The entry is the one to blame or to thank. */
  | { readonly kind: 'known' | 'changed' | 'revoked'; readonly entry: KnownHostsEntry };

/** OpenSSH keeps a SHA-1 of 20 bytes, salted with as many (hostfile.c, extract_salt). */
const HASH_BYTES = 20;

/** Parses the text of a known_hosts file. Lines that ssh would not take are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHostsEntry[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHostsEntry | null {
  const fields = text.replace(/^[ \t]+|\s+$/g, '').split(/[ \t]+/);
  const marker = fields[0] === '@cert-authority' ? 'cert-authority' : fields[0] === '@revoked' ? 'revoked' : null;
  if (marker !== null) fields.shift();
  const [hosts = '', keyType, key = ''] = fields;
  // What is left with an @ is a marker that nobody knows, or the second of a line.
  if (hosts === '' || /^[@#]/.test(hosts)) return null;
  const blob = Buffer.from(key, 'base64');
  const type = readPublicKey(blob)?.type;
  // Buffer reads past anything; only what it would write the same way is base64 to OpenSSH too.
  if (type === undefined || type !== keyType || blob.toString('base64') !== key) return null;
  return { file, line, marker, hosts, keyType: type, key };
}

/** The name under which ssh records a host: the alias of its key, or its name, with the port when it is not 22. */
export function knownHostsName(hostname: string, port: number, hostKeyAlias: string | null): string {
  if (hostKeyAlias !== null) return toLowerCase(hostKeyAlias);
  return port === 22 ? toLowerCase(hostname) : `[${toLowerCase(hostname)}]:${port}`;
}

/** The entries that speak of a host; `name` is one of `knownHostsName`. */
export function matchingEntries(entries: readonly KnownHostsEntry[], name: string): KnownHostsEntry[] {
  return entries.filter((entry) => matchesHosts(entry.hosts, name));
}

/**
 * Judges a key (base64 blob) that a host presented, by the entries that speak of that host, as check_key_in_hostkeys() of OpenSSH's
 * hostfile.c does: revocation wins over all else, and a host of which other keys are known is changed, whatever their type.
 */
export function judgeHostKey(matching: readonly KnownHostsEntry[], keyType: string, key: string): HostKeyVerdict {
  const revoked = matching.find((entry) => entry.marker === 'revoked' && entry.key === key);
  if (revoked) return { kind: 'revoked', entry: revoked };
  const plain = matching.filter((entry) => entry.marker === null);
  const same = plain.find((entry) => entry.key === key);
  if (same) return { kind: 'known', entry: same };
  const other = plain.find((entry) => entry.keyType === keyType) ?? plain[0];
  return other ? { kind: 'changed', entry: other } : { kind: 'unknown' };
}

/** A name as HashKnownHosts has it recorded: `|1|base64(salt)|base64(HMAC-SHA1(salt, name))`. */
export function hashName(name: string, salt: Buffer = randomBytes(HASH_BYTES)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  let matched = false;
  for (const pattern of toLowerCase(hosts).split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (matchesPattern(pattern, name)) {
      matched = true;
    }
  }
  return matched;
}

/** As OpenSSH does: letters beyond ASCII stay, since some (K, the sign of Kelvin) would become ASCII ones. */
function toLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function matchesHash(hosts: string, name: string): boolean {
  const [, version, encodedSalt = ''] = hosts.split('|');
  const salt = Buffer.from(encodedSalt, 'base64');
  return version === '1' && salt.length === HASH_BYTES && hashName(name, salt) === hosts;
}

/** `*` stands for any number of characters, `?` for one. Takes time by the product of both lengths at most. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let starred: { readonly pattern: number; at: number } | null = null;
  let position = 0;
  while (at < name.length) {
    const wanted = pattern[position];
    if (wanted === '*') {
      starred = { pattern: position + 1, at };
      position += 1;
    } else if (wanted === '?' || wanted === name[at]) {
      position += 1;
      at += 1;
    } else if (starred !== null) {
      starred.at += 1;
      at = starred.at;
      position = starred.pattern;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(position));
}
