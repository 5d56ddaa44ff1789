import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ServerHostKeyAlgorithm } from 'ssh2';
import type { SshOptions } from '../domain/host.ts';
import { judgeHostKey, type KnownHostsEntry, knownHostsName, matchingEntries, parseKnownHosts } from './known-hosts.ts';
import { TransportError } from './transport.ts';

/** Signature algorithms for a type of key, in the order of OpenSSH's default HostKeyAlgorithms. */
const ALGORITHMS: readonly (readonly [keyType: string, algorithms: readonly ServerHostKeyAlgorithm[]])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
];

/** Checks the key of one host against known_hosts. */
export interface HostKeyCheck {
  /** The types of key on record come first, so that the server shows one that can be compared. */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** Judges a key blob: nothing when it is known, else why the host is not to be trusted. */
  judge(key: Buffer): TransportError | null;
}

/** Reads the known_hosts files that a host is checked against. Missing files hold no entries. */
export async function loadHostKeyCheck(options: SshOptions): Promise<HostKeyCheck> {
  const files = [...options.userKnownHostsFiles, ...options.globalKnownHostsFiles];
  const entries = (await Promise.all(files.map(readEntries))).flat();
  const name = knownHostsName(options.hostname, options.port, options.hostKeyAlias);
  const matching = matchingEntries(entries, name);
  // As ssh does: a key on record for the host without a port counts, when it is the very same.
  const plain =
    options.hostKeyAlias === null ? matchingEntries(entries, knownHostsName(options.hostname, 22, null)) : [];
  const onRecord = new Set(
    [...matching, ...plain].filter((entry) => entry.marker === null).map((entry) => entry.keyType),
  );
  const sorted = [...ALGORITHMS].sort(([a], [b]) => Number(onRecord.has(b)) - Number(onRecord.has(a)));
  return {
    algorithms: sorted.flatMap(([, algorithms]) => algorithms),
    judge: (key) => (isKnownByName(key, matching, plain) ? null : explainVerdict(key, name, matching, files)),
  };
}

/** The port's own entries are silent, and those of the host without a port hold this key. */
function isKnownByName(key: Buffer, matching: readonly KnownHostsEntry[], plain: readonly KnownHostsEntry[]): boolean {
  const [keyType, blob] = describeKey(key);
  return (
    judgeHostKey(matching, keyType, blob).kind === 'unknown' && judgeHostKey(plain, keyType, blob).kind === 'known'
  );
}

function describeKey(key: Buffer): [keyType: string, blob: string] {
  const parsed = ssh2.utils.parseKey(key);
  return [parsed instanceof Error ? 'unreadable' : parsed.type, key.toString('base64')];
}

function explainVerdict(
  key: Buffer,
  name: string,
  matching: readonly KnownHostsEntry[],
  files: readonly string[],
): TransportError | null {
  const [keyType, blob] = describeKey(key);
  const verdict = judgeHostKey(matching, keyType, blob);
  const shown = `${keyType} SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
  if (verdict.kind === 'known') return null;
  if (verdict.kind === 'unknown') {
    const hint = `The host shows ${shown}.\nCompare it with the host's own, then connect once with ssh to record it in ${files[0] ?? 'known_hosts'}.`;
    return new TransportError('host-key-unknown', `it shows ${shown}`, { hint });
  }
  const { file, line } = verdict.entry;
  const what = verdict.kind === 'revoked' ? 'is revoked in' : 'differs from';
  const hint = [
    `The host shows ${shown}, which ${what} ${file}:${line}. Somebody may be listening in, or the host was set up anew.`,
    `If you are sure of the new key: ssh-keygen -R '${name}' -f ${file}`,
  ];
  return new TransportError(
    'host-key-changed',
    verdict.kind === 'revoked' ? `revoked by ${file}:${line}` : `not the one in ${file}:${line}`,
    { hint: hint.join('\n') },
  );
}

/** Parsed files by path and time of change: a fleet shares one known_hosts. */
const parsedFiles = new Map<string, { mtime: number; entries: readonly KnownHostsEntry[] }>();

async function readEntries(path: string): Promise<readonly KnownHostsEntry[]> {
  try {
    const { mtimeMs } = await stat(path);
    const parsed = parsedFiles.get(path);
    if (parsed?.mtime === mtimeMs) return parsed.entries;
    const entries = parseKnownHosts(await readFile(path, 'utf8'), path);
    parsedFiles.set(path, { mtime: mtimeMs, entries });
    return entries;
  } catch {
    return [];
  }
}
