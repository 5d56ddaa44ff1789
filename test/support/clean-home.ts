import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, programPath } from './fleet-program.ts';
import { Terminal } from './terminal.ts';

/** A user who has never run the program: an empty home, and a folder of their own for temporary files. */
export class CleanHome {
  readonly folder: string;
  readonly terminal: Terminal;

  private constructor(folder: string, name: string) {
    this.folder = folder;
    this.terminal = new Terminal(name, {
      HOME: this.home,
      TMPDIR: this.temporary,
      PATH: programPath(),
      SHELL: '/bin/sh',
      OCR_FLEET: folder,
    });
  }

  /** @param name unique among the test files that may run at the same time */
  static async create(name: string): Promise<CleanHome> {
    // Short, because sockets are made there.
    const folder = await mkdtemp(join(tmpdir(), 'ocr-home-'));
    const home = new CleanHome(folder, name);
    await Promise.all([mkdir(home.home), mkdir(home.temporary)]);
    return home;
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  get temporary(): string {
    return join(this.folder, 't');
  }

  /** Starts the built program with those arguments, with `before` as a prefix of the shell. */
  start(parameters: string, columns: number, rows: number, before = ''): Promise<void> {
    return this.terminal.start(`${before} node ${program} ${parameters}`.trim(), columns, rows);
  }

  /** Names of all that is in the home and in the folder for temporary files. */
  async leftovers(): Promise<string[]> {
    const names = await Promise.all([readdir(this.home, { recursive: true }), readdir(this.temporary)]);
    return names.flat();
  }

  async close(): Promise<void> {
    await this.terminal.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** State of a TCP socket that listens, in /proc/net/tcp (proc_pid_net(5)). */
const LISTENS = '0A';

/** Returns the inodes of the TCP sockets on which processes listen. */
export async function listeningSockets(pids: readonly number[]): Promise<string[]> {
  const links = await Promise.all(
    pids.map(async (pid) => {
      const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
      return Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
    }),
  );
  const own = new Set(links.flat().flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  return (await allListening()).filter((inode) => own.has(inode));
}

/** Returns the inodes of all TCP sockets of this machine that listen. */
export async function allListening(): Promise<string[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const cells = line.trim().split(/\s+/);
      return cells[3] === LISTENS ? (cells[9] ?? []) : [];
    }),
  );
}
