import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { readRegularFileSync } from '../lib/regular-file.ts';
import { type LoadedConfig, readConfig } from './load.ts';
import { watchFolder } from './watch-folder.ts';

export interface ConfigWatchOptions {
  readonly path: string;
  /** Folders of theme files. They need not exist. */
  readonly themeFolders: readonly string[];
  /** The file has another text, which is valid. */
  onConfig(loaded: LoadedConfig): void;
  /** The file has another text, which is not valid, or cannot be read. Nothing changes. A line for each problem. */
  onProblem(message: string): void;
  /** A theme file is new or has another text. */
  onTheme(path: string): void;
}

/** Time in which an editor writes, renames and touches; one save gives several events. */
const DEBOUNCE_MS = 150;
/** An editor may cut the file first, and write it later. */
const EMPTY_MS = 1000;

/**
 * Follows the configuration and the themes as editors save them: in place, by rename, through symbolic links. Reports a file only if its text is another one.
 * A file that is gone changes nothing. Returns the function that ends it.
 */
export function watchConfig(options: ConfigWatchOptions): () => void {
  const closers = [watchConfigFile(resolve(options.path), options)];
  for (const folder of options.themeFolders) closers.push(watchThemes(folder, options.onTheme));
  return () => {
    for (const close of closers) close();
  };
}

type ConfigHandlers = Pick<ConfigWatchOptions, 'onConfig' | 'onProblem'>;

function watchConfigFile(path: string, { onConfig, onProblem }: ConfigHandlers): () => void {
  let text = readText(path).text;
  let unreadable: string | null = null;
  let run = 0;
  const look = (isSecondLook: boolean) => {
    watches.follow(foldersOf(path));
    const found = readText(path);
    if (found.problem !== null && found.problem !== unreadable) onProblem(found.problem);
    unreadable = found.problem;
    const next = found.text;
    if (next === null || next === text) return;
    if (next.trim() === '' && !isSecondLook) return debounced.again();
    text = next;
    run += 1;
    const mine = run;
    readConfig(next, path, null).then(
      (loaded) => {
        if (mine === run) onConfig(loaded);
      },
      (error: unknown) => {
        if (mine === run) onProblem(error instanceof UserError ? error.message : messageOf(error));
      },
    );
  };
  const debounced = new Debounced(look);
  const watches = new FolderWatches(() => debounced.start());
  watches.follow(foldersOf(path));
  return () => {
    run += 1;
    debounced.close();
    watches.close();
  };
}

function watchThemes(folder: string, onTheme: (path: string) => void): () => void {
  const texts = new Map<string, string>();
  const look = (report: (path: string) => void) => {
    for (const path of themesIn(folder)) {
      const { text } = readText(path);
      if (text === null || text.trim() === '' || texts.get(path) === text) continue;
      texts.set(path, text);
      report(path);
    }
  };
  look(() => {});
  const debounced = new Debounced(() => look(onTheme));
  const close = watchFolder(folder, () => debounced.start());
  return () => {
    debounced.close();
    close();
  };
}

/** Calls back once the events have paused. */
class Debounced {
  readonly #look: (isSecondLook: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(look: (isSecondLook: boolean) => void) {
    this.#look = look;
  }

  start(): void {
    this.#set(DEBOUNCE_MS, false);
  }

  /** Looks once more, later. */
  again(): void {
    this.#set(EMPTY_MS, true);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #set(delay: number, isSecondLook: boolean): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(isSecondLook), delay).unref();
  }
}

/** Watches a set of folders that changes with the links on the way to a file. */
class FolderWatches {
  readonly #onChange: () => void;
  readonly #closers = new Map<string, () => void>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  follow(folders: ReadonlySet<string>): void {
    for (const [folder, close] of this.#closers) {
      if (folders.has(folder)) continue;
      close();
      this.#closers.delete(folder);
    }
    for (const folder of folders) {
      if (!this.#closers.has(folder)) this.#closers.set(folder, watchFolder(folder, this.#onChange));
    }
  }

  close(): void {
    this.follow(new Set());
  }
}

/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

/** Returns the folders in which a change can give the path another text: those of each link on the way, and of the file. */
function foldersOf(path: string): Set<string> {
  const folders = new Set<string>();
  let at = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    folders.add(dirname(at));
    try {
      folders.add(realpathSync(dirname(at)));
      if (!lstatSync(at).isSymbolicLink()) break;
      at = resolve(dirname(at), readlinkSync(at));
    } catch {
      break;
    }
  }
  return folders;
}

/** Returns a file's text; neither text nor problem if there is no file. */
function readText(path: string): { readonly text: string | null; readonly problem: string | null } {
  try {
    return { text: readRegularFileSync(path), problem: null };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return { text: null, problem: null };
    return { text: null, problem: `${path}: cannot read the configuration: ${messageOf(error)}` };
  }
}

function themesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
