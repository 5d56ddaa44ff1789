import { access, constants, mkdir, open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../../lib/errors.ts';
import { lockFile } from '../../lib/file-lock.ts';
import { readPublicKey } from './host-key-blob.ts';
import { hashName, judgeHostKey, type KnownHostsEntry, matchingEntries, parseKnownHosts } from './known-hosts.ts';

/** A host's key, and where to record it. */
export interface HostKeyRecord {
  /** One of `knownHostsName`. */
  readonly name: string;
  /** The public key's blob. */
  readonly key: Buffer;
  /** A known_hosts file; `/dev/null` records nothing. */
  readonly file: string;
  /** True if the name is recorded as a hash (HashKnownHosts). */
  readonly hash: boolean;
}

/** The file that users configure to record nothing. */
export const NO_RECORD = '/dev/null';

/** Characters that make a known_hosts name mean something else. */
const NOT_PLAIN = /^[#@|]|[\s,*?!]/;

/** Cache of parsed files: a fleet shares one known_hosts. */
const parsedFiles = new Map<string, { readonly version: string; readonly entries: readonly KnownHostsEntry[] }>();

/** Returns the entries of a file; none if it cannot be read. Parses it again only after a change. */
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
 * Adds a key to a known_hosts file, which is created if missing (0600, its folder 0700). Writes nothing if the key is
 * on record by now. Rejects with a UserError that names the key and the file.
 */
export async function recordHostKey(record: HostKeyRecord): Promise<void> {
  if (record.file === NO_RECORD) return;
  try {
    await mkdir(dirname(record.file), { recursive: true, mode: 0o700 });
    // The file must exist to be locked: it may be a link, and the lock belongs beside the link's target.
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
    // A single append: ssh does the same, without asking for the lock.
    const { bytesWritten } = await handle.write(line);
    if (bytesWritten !== line.length) throw new Error('the entry was cut short');
  } finally {
    await handle.close();
    parsedFiles.delete(file);
  }
}

/** Runs an action while no other process of this program holds the lock of that file. */
async function withLock(file: string, action: () => Promise<void>): Promise<void> {
  // If no lock can be made, the entry is added anyway, as ssh would: at worst it is there twice.
  const canLock = await access(dirname(file), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!canLock) return action();
  // If the lock is taken over because it was held too long, no harm is done: entries are only appended.
  const release = await lockFile(file, { retries: 60, realpath: false });
  try {
    await action();
  } finally {
    await release();
  }
}
