import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { codeOf, messageOf, UserError } from '../../lib/errors.ts';
import { lockFile } from '../../lib/file-lock.ts';
import { makeRoomForFile, readRegularFile } from '../../lib/regular-file.ts';
import { makePrivateFolder } from './export-file.ts';

const exportSchema = z.object({ id: z.string().min(1), directory: z.string(), path: z.string() });
const deletedSchema = z.object({
  alias: z.string(),
  /** Epoch milliseconds of this machine's clock. */
  at: z.number(),
  /** Shared by everything that one key press deleted. */
  batch: z.string(),
  id: z.string(),
  title: z.string(),
  /** The session's own file first, then those of its subagents' sessions; none if it was deleted without an export. */
  exports: z.array(exportSchema),
  /** Set for an archive, not a delete: when the session was archived before, and when now (epoch milliseconds, the host's clock). */
  archived: z.object({ directory: z.string(), before: z.number().nullable(), after: z.number().nullable() }).optional(),
});
const fileSchema = z.object({ version: z.literal(1), deleted: z.array(deletedSchema) });

/** A session that was deleted, archived or unarchived. */
export type Deleted = z.output<typeof deletedSchema>;

/** Key presses remembered for each host. */
const MAX_BATCHES = 20;
const FILE = 'deleted.json';

/** The sessions that one key press changed, on any host, in the order of the changes. */
export type Batch = readonly [Deleted, ...Deleted[]];

/** Returns the batches of all hosts, the latest first. Rejects with a UserError. */
export async function rememberedBatches(folder: string): Promise<readonly Batch[]> {
  const batches = new Map<string, [Deleted, ...Deleted[]]>();
  for (const one of await load(folder)) {
    const batch = batches.get(one.batch);
    if (batch === undefined) batches.set(one.batch, [one]);
    else batch.push(one);
  }
  return [...batches.values()].reverse();
}

/** True if it can be restored. */
export function isUndoable({ exports, archived }: Deleted): boolean {
  return exports.length > 0 || archived !== undefined;
}

/** Remembers that a session is deleted. Rejects with a UserError. */
export async function remember(folder: string, deleted: Deleted): Promise<void> {
  await change(folder, (all) => {
    const next = [...all, deleted];
    const batches = [...new Set(next.filter(({ alias }) => alias === deleted.alias).map(({ batch }) => batch))];
    const dropped = new Set(batches.slice(0, -MAX_BATCHES));
    return next.filter(({ alias, batch }) => alias !== deleted.alias || !dropped.has(batch));
  });
}

/** Forgets that a session was deleted: it is there again, or still. Rejects with a UserError. */
export async function forget(folder: string, { alias, batch, id }: Deleted): Promise<void> {
  await change(folder, (all) => all.filter((one) => one.alias !== alias || one.batch !== batch || one.id !== id));
}

async function change(folder: string, next: (all: readonly Deleted[]) => readonly Deleted[]): Promise<void> {
  const path = join(folder, FILE);
  try {
    await makePrivateFolder(folder);
    await makeRoomForFile(path);
    await (await open(path, 'a', 0o600)).close();
    const release = await lockFile(path, { retries: 60, realpath: true });
    try {
      const content = JSON.stringify({ version: 1, deleted: next(await load(folder)) }, null, 2);
      await writeFileAtomic(path, `${content}\n`, { mode: 0o600, fsync: true });
    } finally {
      await release();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot record the deletion: ${messageOf(error)}`, { cause: error });
  }
}

/** A file that is not understood is set aside. */
async function load(folder: string): Promise<readonly Deleted[]> {
  const path = join(folder, FILE);
  const text = await readRegularFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  if (text === '') return [];
  try {
    return fileSchema.parse(JSON.parse(text)).deleted;
  } catch {
    await rename(path, `${path}.damaged`);
    return [];
  }
}
