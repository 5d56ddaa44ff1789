import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { messageOf, UserError } from '../../lib/errors.ts';
import { readRegularFile } from '../../lib/regular-file.ts';
import { parseExport, type SessionExport } from '../../opencode/export-import.ts';

/** Characters of a name in a file's name. */
const MAX_NAME_CHARS = 60;

/** A name of something foreign that is safe in every file system, and in a shell: letters of ASCII, digits, dots and dashes. */
export function safeName(text: string, fallback: string): string {
  const safe = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .slice(0, MAX_NAME_CHARS)
    .replace(/^[-.]+|[-.]+$/g, '');
  return safe === '' ? fallback : safe;
}

/**
 * Name of the file for the export of a session: host, date (UTC), title, id.
 * @param at epoch milliseconds
 */
export function exportName(host: string, at: number, { id, title }: Pick<SessionExport, 'id' | 'title'>): string {
  const date = new Date(at).toISOString().slice(0, 19).replaceAll(':', '');
  // An id is as untrusted as a title, but may keep its underscore.
  const name = id.split('_').map((part) => safeName(part, '-'));
  return `${safeName(host, 'host')}_${date}Z_${safeName(title, 'untitled')}_${name.join('_')}.json`;
}

/** Writes an export to its file (0600, the folder 0700), and reads it again from there. Returns the path. Rejects with a UserError. */
export async function writeExport(folder: string, name: string, exported: SessionExport): Promise<string> {
  const path = join(folder, name);
  try {
    await makePrivateFolder(folder);
    // It must be on disk before the session is deleted.
    await writeFileAtomic(path, exported.text, { mode: 0o600, fsync: true });
  } catch (error) {
    throw new UserError(`the export cannot be written: ${messageOf(error)}`, { cause: error });
  }
  const read = await readExportFile(path);
  if (read.id !== exported.id || read.messages !== exported.messages) {
    throw new UserError(`the export was not written completely: ${path}`);
  }
  return path;
}

/** Reads an export from its file. Rejects with a UserError. */
export async function readExportFile(path: string): Promise<SessionExport> {
  try {
    return parseExport(await readRegularFile(path));
  } catch (error) {
    throw new UserError(`the export cannot be read: ${path}: ${messageOf(error)}`, { cause: error });
  }
}

export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
}
