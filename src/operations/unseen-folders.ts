import type { HostEntry } from '../domain/fleet.ts';
import { UserError } from '../lib/errors.ts';
import { knownDirectories } from './known-directories.ts';
import type { Folders } from './remote-folders.ts';

/** The folders of a host that is known by its URL. Without a shell there, only those that its sessions and the configuration name are known. */
export class UnseenFolders implements Folders {
  readonly #entry: HostEntry;

  constructor(entry: HostEntry) {
    this.#entry = entry;
  }

  /** Returns the path as the server will see it. Rejects with a UserError for a path that only a shell could complete. */
  async enter(typed: string): Promise<string> {
    const path = typed.trim();
    if (path.startsWith('/')) return path.replace(/(?<=.)\/+$/, '');
    const { label } = this.#entry.host;
    throw new UserError(`${label} is reached by its URL, so ocr does not know its home folder: give a path from / on`);
  }

  async complete(typed: string) {
    const candidates = knownDirectories(this.#entry)
      .filter((path) => path.startsWith(typed.trim()))
      .map((value) => ({ value }));
    return { candidates, note: candidates.length === 0 ? 'no known folder begins like this' : 'known folders only' };
  }
}
