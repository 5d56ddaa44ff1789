import { enterFolder, FolderError, folderFault, listFolders } from '../../../opencode/list-folders.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { Completion } from '../dialog-desk.ts';

/** The folders of a host, through its open connection. Rejects with a TransportError or an Error that says what is wrong. */
export class RemoteFolders {
  readonly #ports: Pick<ActionPorts, 'transport' | 'timeoutOf'>;
  readonly #alias: string;

  constructor(ports: Pick<ActionPorts, 'transport' | 'timeoutOf'>, alias: string) {
    this.#ports = ports;
    this.#alias = alias;
  }

  /** The whole path of a folder, which is made where that is wanted. */
  async enter(typed: string, create: boolean, signal: AbortSignal): Promise<string> {
    const transport = await this.#ports.transport(this.#alias, signal);
    try {
      return await enterFolder(transport, typed, create, this.#limits(signal));
    } catch (error) {
      if (!(error instanceof FolderError) || error.kind !== 'missing' || folderFault(typed) !== null) throw error;
      throw new Error(`${error.message}: switch on "create the folder" to make it`, { cause: error });
    }
  }

  /** What a path can be continued to. */
  async complete(typed: string, signal: AbortSignal): Promise<Completion> {
    const fault = folderFault(typed);
    if (fault !== null) return { candidates: [], note: fault };
    const transport = await this.#ports.transport(this.#alias, signal);
    const { folders, more, unreadable } = await listFolders(transport, typed, this.#limits(signal));
    const candidates = folders.map((value) => ({ value }));
    if (more) return { candidates, note: `there are more than these ${folders.length}` };
    if (unreadable > 0) return { candidates, note: `${unreadable} more have names that are not UTF-8` };
    return folders.length === 0 ? { candidates, note: 'no folder begins like this' } : { candidates };
  }

  #limits(signal: AbortSignal): { signal: AbortSignal; timeout: number } {
    return { signal, timeout: this.#ports.timeoutOf(this.#alias) };
  }
}
