import { access, constants, mkdir, open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../../lib/errors.ts';
import { readPublicKey } from './host-key-blob.ts';
import { hashName, judgeHostKey, type KnownHostsEntry, matchingEntries, parseKnownHosts } from './known-hosts.ts';

/** The key of a host, and where it is to be recorded. */
export interface HostKeyRecord {
  /** One of `knownHostsName`. */
  readonly name: string;
  /** The public key's blob. */
  readonly key: Buffer;
  /** A known_hosts file; nothing is recorded in `/dev/null`. */
  readonly file: string;
  /** Is the name to be recorded as a hash (HashKnownHosts)? */
  readonly hash: boolean;
}

/** Where people send what they want to forget. */
export const NO_RECORD = '/dev/null';

/**
 * Milliseconds after which a lock that nobody keeps fresh is taken over, and how long it is waited for: 5 s at the least. A folder as a
 * lock works on every file system, and the library keeps it fresh, takes over what a killed process left and drops it at exit.
 */
const LOCK = { stale: 3000, retries: { retries: 60, factor: 1.2, minTimeout: 10, maxTimeout: 100, randomize: true } };

/** What a name may not hold for a known_hosts file to read it as that very name. */
const NOT_PLAIN = /^[#@|]|[\s,*?!]/;

/** Parsed files: a fleet shares one known_hosts. */
const parsedFiles = new Map<string, { readonly version: string; readonly entries: readonly KnownHostsEntry[] }>();

/** The entries of a file; none when it cannot be read. Parsed anew only when it has changed. */
export async function loadKnownHosts(path: string): Promise<readonly KnownHostsEntry[]> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    const version = `${mtimeMs} ${size} ${ino}`;
    const parsed = parsedFiles.get(path);
    if (parsed?.version === version) return parsed.entries;
    const entries = parseKnownHosts(await readFile(path, 'utf8'), path);
    parsedFiles.set(path, { version, entries });
    return entries;
  } catch {
    return [];
  }
}

/**
 * Adds a key to a known_hosts file, which is made (0600, its folder 0700) where there is none. Nothing is written when it is on record
 * meanwhile. Rejects with a UserError that says what could not be recorded where.
 */
export async function recordHostKey(record: HostKeyRecord): Promise<void> {
  if (record.file === NO_RECORD) return;
  try {
    await mkdir(dirname(record.file), { recursive: true, mode: 0o700 });
    // The file has to be there to be locked: it may be a link, and the lock belongs beside what all its links lead to.
    await (await open(record.file, 'a', 0o600)).close();
    await withLock(await realpath(record.file), () => append(record));
  } catch (error) {
    const what = `cannot record the host key of ${record.name} in ${record.file}: ${messageOf(error)}`;
    throw new UserError(what, { cause: error });
  }
}

async function append({ name, key, file, hash }: HostKeyRecord): Promise<void> {
  const type = readPublicKey(key)?.type;
  if (type === undefined) throw new Error('this is not a key that ssh would read');
  const blob = key.toString('base64');
  const handle = await open(file, 'a+');
  try {
    const text = await handle.readFile('utf8');
    const verdict = judgeHostKey(matchingEntries(parseKnownHosts(text, file), name), type, blob);
    if (verdict.kind === 'known') return;
    if (verdict.kind !== 'unknown') throw new Error(`line ${verdict.entry.line} was added meanwhile, with another key`);
    const recorded = hash || NOT_PLAIN.test(name) ? hashName(name) : name;
    const line = Buffer.from(`${text === '' || text.endsWith('\n') ? '' : '\n'}${recorded} ${type} ${blob}\n`);
    // One write at the end of the file, wherever that is by now: ssh does the same, without asking for the lock.
    const { bytesWritten } = await handle.write(line);
    if (bytesWritten !== line.length) throw new Error('the entry was cut short');
  } finally {
    await handle.close();
    parsedFiles.delete(file);
  }
}

/** Runs an action while no other process of this program runs one on that file. */
async function withLock(file: string, action: () => Promise<void>): Promise<void> {
  // Where no lock can be made the entry is added all the same, as ssh would: at worst it is there twice.
  const canLock = await access(dirname(file), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!canLock) return action();
  // Loaded late: it listens to signals from then on, and few runs need it.
  const { default: lockfile } = await import('proper-lockfile');
  // Somebody who takes over a lock that was held too long does no harm: what is appended stays.
  const release = await lockfile.lock(file, { ...LOCK, realpath: false, onCompromised: () => {} });
  try {
    await action();
  } finally {
    await release().catch(() => {});
  }
}
