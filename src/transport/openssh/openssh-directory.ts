import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';

/**
 * A unix socket's path has at most 103 bytes (macOS; Linux: 107). ssh first creates its own with a suffix of 17 bytes
 * and links it afterwards; the folder's name takes 11, a file's 4.
 */
const MAX_BASE_BYTES = 103 - 17 - 11 - 4;

/** Bytes read from the end of a log, which holds the reason. */
const MAX_LOG_BYTES = 16_384;

const REMOVE_ATTEMPTS = 3;

/** A folder that only this user can enter (mkdtemp: 0700), for sockets, logs and the like. */
export class PrivateDirectory {
  readonly path: string;
  #files = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(base = tmpdir()): Promise<PrivateDirectory> {
    const short = Buffer.byteLength(base) <= MAX_BASE_BYTES ? base : '/tmp';
    return new PrivateDirectory(await makeTemporaryFolder(short, 'ocr-'));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Returns a path that was not returned before. */
  nextFile(): string {
    this.#files += 1;
    return this.file(String(this.#files));
  }

  /** Returns the end of a file and removes it; empty if it does not exist. */
  async takeText(path: string): Promise<string> {
    const text = await readFile(path, 'utf8').catch(() => '');
    await rm(path, { force: true });
    return text.slice(-MAX_LOG_BYTES);
  }

  /**
   * Removes the folder synchronously, so that it is gone even if the program exits right afterwards. Avoids `rmSync`,
   * which silently stops halfway if another process removes a file meanwhile: a master that ends removes its own
   * socket. Never throws; files that cannot be removed stay.
   */
  remove(): void {
    // A child that is being ended may still create its log.
    for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt += 1) {
      for (const name of attemptSync(() => readdirSync(this.path)) ?? [])
        attemptSync(() => unlinkSync(this.file(name)));
      attemptSync(() => rmdirSync(this.path));
    }
  }
}

/** Returns `undefined` if it fails. */
function attemptSync<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
