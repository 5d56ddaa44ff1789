import { createHmac, randomBytes } from 'node:crypto';
import { matchesWildcard } from '../../lib/wildcard.ts';
import { readPublicKey } from './host-key-blob.ts';

/** A line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHostsEntry {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'cert-authority' | 'revoked' | null;
  /** As written: comma-separated patterns, or one hash. */
  readonly hosts: string;
  readonly keyType: string;
  /** The public key's blob in canonical base64. */
  readonly key: string;
}

export type HostKeyVerdict =
  | { readonly kind: 'unknown' }
  /** `changed`: other keys are on record, but not this one. `entry` is the line that decided. */
  | { readonly kind: 'known' | 'changed' | 'revoked'; readonly entry: KnownHostsEntry };

/** OpenSSH uses SHA-1 of 20 bytes with a salt of the same length (hostfile.c, extract_salt). */
const HASH_BYTES = 20;

/** Parses the text of a known_hosts file. Like ssh, skips invalid lines. */
export function parseKnownHosts(text: string, file: string): KnownHostsEntry[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHostsEntry | null {
  const fields = text.replace(/^[ \t]+|\s+$/g, '').split(/[ \t]+/);
  const marker = fields[0] === '@cert-authority' ? 'cert-authority' : fields[0] === '@revoked' ? 'revoked' : null;
  if (marker !== null) fields.shift();
  const [hosts = '', keyType, key = ''] = fields;
  // Any remaining @ is an unknown marker, or the second one of a line.
  if (hosts === '' || /^[@#]/.test(hosts)) return null;
  const blob = Buffer.from(key, 'base64');
  const type = readPublicKey(blob)?.type;
  // Buffer skips invalid characters. To OpenSSH only the canonical spelling is base64.
  if (type === undefined || type !== keyType || blob.toString('base64') !== key) return null;
  return { file, line, marker, hosts, keyType: type, key };
}

/** Returns the name under which ssh records a host: its HostKeyAlias, or its name, with the port if it is not 22. */
export function knownHostsName(hostname: string, port: number, hostKeyAlias: string | null): string {
  if (hostKeyAlias !== null) return toLowerCase(hostKeyAlias);
  return port === 22 ? toLowerCase(hostname) : `[${toLowerCase(hostname)}]:${port}`;
}

/** Returns the entries that match a host; `name` is one of `knownHostsName`. */
export function matchingEntries(entries: readonly KnownHostsEntry[], name: string): KnownHostsEntry[] {
  return entries.filter((entry) => matchesHosts(entry.hosts, name));
}

/**
 * Judges a host's key (base64 blob) by the entries that match the host, as check_key_in_hostkeys() of OpenSSH's
 * hostfile.c does. A revocation wins. A host with only other keys on record counts as changed, whatever their type.
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

/** Returns a name as HashKnownHosts records it: `|1|base64(salt)|base64(HMAC-SHA1(salt, name))`. */
export function hashName(name: string, salt: Buffer = randomBytes(HASH_BYTES)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  let matched = false;
  for (const pattern of toLowerCase(hosts).split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesWildcard(name, pattern.slice(1))) return false;
    } else if (matchesWildcard(name, pattern)) {
      matched = true;
    }
  }
  return matched;
}

/** Lowercases ASCII only, as OpenSSH does: some other letters (K, the Kelvin sign) would become ASCII. */
function toLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function matchesHash(hosts: string, name: string): boolean {
  const [, version, encodedSalt = ''] = hosts.split('|');
  const salt = Buffer.from(encodedSalt, 'base64');
  return version === '1' && salt.length === HASH_BYTES && hashName(name, salt) === hosts;
}
