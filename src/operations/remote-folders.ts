import { enterFolder, FolderError, folderFault, listFolders } from '../opencode/list-folders.ts';
import type { OperationContext } from './context.ts';

/** Folders that a path can be continued to, and a note if these are not all. */
export interface FolderCompletion {
  readonly candidates: readonly { readonly value: string }[];
  readonly note?: string;
}

/** Completes and enters the folders of a host. */
export interface Folders {
  /** Returns the whole path of a folder, created if requested. */
  enter(typed: string, create: boolean, signal: AbortSignal): Promise<string>;
  /** Returns completions of a path. */
  complete(typed: string, signal: AbortSignal): Promise<FolderCompletion>;
}

/** Reads the folders of a host over its open connection. Rejects with a TransportError or an Error with the reason. */
export class RemoteFolders implements Folders {
  readonly #context: Pick<OperationContext, 'transport' | 'timeoutOf'>;
  readonly #alias: string;

  constructor(context: Pick<OperationContext, 'transport' | 'timeoutOf'>, alias: string) {
    this.#context = context;
    this.#alias = alias;
  }

  /** The whole path of a folder, which is made where that is wanted. */
  async enter(typed: string, create: boolean, signal: AbortSignal): Promise<string> {
    const transport = await this.#context.transport(this.#alias, create ? 'write' : 'read', signal);
    try {
      return await enterFolder(transport, typed, create, this.#limits(signal));
    } catch (error) {
      if (!(error instanceof FolderError) || error.kind !== 'missing' || folderFault(typed) !== null) throw error;
      throw new Error(`${error.message}: switch on "create the folder" to make it`, { cause: error });
    }
  }

  /** Returns completions of a path. */
  async complete(typed: string, signal: AbortSignal): Promise<FolderCompletion> {
    const fault = folderFault(typed);
    if (fault !== null) return { candidates: [], note: fault };
    const transport = await this.#context.transport(this.#alias, 'read', signal);
    const { folders, more, unreadable } = await listFolders(transport, typed, this.#limits(signal));
    const candidates = folders.map((value) => ({ value }));
    if (more) return { candidates, note: `there are more than these ${folders.length}` };
    if (unreadable > 0) return { candidates, note: `${unreadable} more have names that are not UTF-8` };
    return folders.length === 0 ? { candidates, note: 'no folder begins like this' } : { candidates };
  }

  #limits(signal: AbortSignal): { signal: AbortSignal; timeout: number } {
    return { signal, timeout: this.#context.timeoutOf(this.#alias) };
  }
}
