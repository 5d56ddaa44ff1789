import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DemoOpencode, Kept } from '../model/opencode.ts';
import type { HostSeed } from '../seeds/seed.ts';
import { changeRows, messageRows, sessionRows, textLines, todoRows } from './database-rows.ts';
import {
  countingProgram,
  LOGIN_SHELL,
  opencodeProgram,
  PROFILE,
  REFUSING_PROGRAM,
  SQLITE_PROGRAM,
  startingPrograms,
} from './host-scripts.ts';
import { CPU_FOLDER } from './machine-files.ts';
import { writeProc } from './proc-folder.ts';

/** Programs that would reach out of the demo. */
const REFUSED_PROGRAMS = ['git', 'ssh', 'curl', 'wget'];

/** The files of one simulated host. */
export class HostFolder {
  readonly root: string;
  readonly home: string;
  readonly shell: string;
  /** Where `opencode import` leaves the session that it brings. */
  readonly inbox: string;
  readonly #seed: HostSeed;
  readonly #rows: string;
  readonly #database: string;
  #writes = 0;

  constructor(root: string, seed: HostSeed) {
    this.root = root;
    this.#seed = seed;
    this.home = join(root, 'home', seed.user);
    this.shell = join(root, 'bin', 'sh');
    this.inbox = join(root, 'inbox');
    this.#database = join(this.home, '.local', 'share', 'opencode', 'opencode.db');
    this.#rows = join(dirname(this.#database), 'rows');
  }

  /** The environment of everything that runs on the host. */
  get environment(): NodeJS.ProcessEnv {
    const { home: HOME, shell: SHELL } = this;
    const { user } = this.#seed;
    const PATH = [join(HOME, 'bin'), join(HOME, '.opencode', 'bin'), '/usr/local/bin:/usr/bin:/bin'].join(':');
    return { HOME, SHELL, PATH, USER: user, LOGNAME: user, LANG: 'C.UTF-8', TMPDIR: join(this.root, 'tmp') };
  }

  async write(opencode: DemoOpencode): Promise<void> {
    const { home, root } = this;
    const opencodeFolder = join(home, '.opencode');
    const program = join(opencodeFolder, 'bin', 'opencode');
    const folders = [
      join(root, CPU_FOLDER),
      join(home, 'bin'),
      dirname(program),
      join(root, 'bin'),
      join(root, 'tmp'),
      this.inbox,
      this.#rows,
    ];
    for (const { path } of this.#seed.projects) folders.push(join(home, path));
    await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
    const executable = { mode: 0o755 };
    const packageJson = JSON.stringify({ name: 'opencode-ai', version: opencode.version }, null, 2);
    await Promise.all([
      writeFile(program, opencodeProgram(opencode.version, root), executable),
      writeFile(join(opencodeFolder, 'package.json'), packageJson),
      writeFile(join(home, 'bin', 'sqlite3'), SQLITE_PROGRAM, executable),
      writeFile(join(home, 'bin', 'wc'), countingProgram(root), executable),
      writeFile(this.shell, LOGIN_SHELL, executable),
      writeFile(join(home, '.profile'), PROFILE),
      ...Object.entries(startingPrograms(root)).map(([name, text]) =>
        writeFile(join(home, 'bin', name), text, executable),
      ),
      ...REFUSED_PROGRAMS.map((name) => writeFile(join(home, 'bin', name), REFUSING_PROGRAM, executable)),
      writeProc(root, {
        ...{ alias: this.#seed.alias, program, home, servesSessions: this.#seed.behaviour !== 'polled' },
      }),
    ]);
    this.#writeContent(opencode);
    this.#writeSessions(opencode);
  }

  /** Writes what changed, before anyone hears of it. On a full disk the host goes on with the old rows. */
  store(opencode: DemoOpencode, kept: Kept | null): void {
    try {
      if (kept !== null) this.#writeContent(opencode);
      this.#writeSessions(opencode);
    } catch {
      // Each later change writes all of it again.
    }
  }

  #writeContent(opencode: DemoOpencode): void {
    const kept = [...opencode.kept.values()];
    writeFileSync(join(this.#rows, 'content'), kept.map(contentLines).join(''));
    writeFileSync(join(this.#rows, 'texts'), kept.map(textLines).join(''));
  }

  /** Writes the file that stands for the database last: a reader compares its time and size. */
  #writeSessions(opencode: DemoOpencode): void {
    this.#writes += 1;
    writeFileSync(join(this.#rows, 'sessions'), JSON.stringify(sessionRows(opencode)));
    writeFileSync(this.#database, `simulated, write ${this.#writes}\n`);
  }
}

/** Returns the lines that the simulated `sqlite3` searches. */
function contentLines(kept: Kept): string {
  const { id } = kept.session;
  const rows = { messages: messageRows(kept), todos: todoRows(kept), changes: changeRows(kept) };
  return Object.entries(rows)
    .map(([kind, found]) => `${id} ${kind} ${found.length === 0 ? '' : JSON.stringify(found)}\n`)
    .join('');
}
