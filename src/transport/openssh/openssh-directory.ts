import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';

/**
 * A unix socket's path has at most 103 bytes (macOS; Linux: 107). ssh makes its own under a name that is 17 longer and links it afterwards, and
 * the folder's name takes 11, a file's 4.
 */
const LONGEST_BASE = 103 - 17 - 11 - 4;

/** Bytes of a log that are read: its end tells why. */
const LOG_BYTES = 16_384;

const REMOVALS = 3;

/** A folder that only this user can enter (mkdtemp: 0700), for sockets, logs and the like. */
export class PrivateDirectory {
  readonly path: string;
  #files = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(base = tmpdir()): Promise<PrivateDirectory> {
    const short = Buffer.byteLength(base) <= LONGEST_BASE ? base : '/tmp';
    return new PrivateDirectory(await makeTemporaryFolder(short, 'ocr-'));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** A path that was not given before. */
  nextFile(): string {
    this.#files += 1;
    return this.file(String(this.#files));
  }

  /** The end of a file, which is removed; empty when it is not there. */
  async takeText(path: string): Promise<string> {
    const text = await readFile(path, 'utf8').catch(() => '');
    await rm(path, { force: true });
    return text.slice(-LOG_BYTES);
  }

  /**
   * At once, so that it is done even when the program exits right afterwards. Not by `rmSync`, which stops half-way, without a word, at a file that
   * somebody else removes meanwhile: a master that ends takes its socket along. Never throws: what cannot be removed stays.
   */
  remove(): void {
    // A child that is being ended may still make its log.
    for (let attempt = 0; attempt < REMOVALS; attempt += 1) {
      for (const name of attemptSync(() => readdirSync(this.path)) ?? [])
        attemptSync(() => unlinkSync(this.file(name)));
      attemptSync(() => rmdirSync(this.path));
    }
  }
}

/** `undefined` for what is gone, not yet empty, or not to be had. */
function attemptSync<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
