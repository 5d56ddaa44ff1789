import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { packageRoot } from '../../src/lib/package-root.ts';
import { createEmulator, type Emulator } from '../../src/terminal/emulator.ts';
import { type Cell, readCells, textOf } from './cell.ts';

/** Milliseconds between two looks, and until one gives up. */
const [LOOK_MS, PATIENCE_MS] = [50, 60_000];
/** Milliseconds for which a finished screen stays the same: longer than the second after which the program looks at the clock again. */
const STILL_MS = 1300;
/** Milliseconds in which the program has taken a signal, even on a busy machine. */
const TICK_MS = 200;
/** Milliseconds from SIGTERM to SIGKILL. */
const END_MS = 5000;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Ends the header once no host is being asked. */
const NEXT_REFRESH = /^ ocr .* need you .*↻\d+s/;
const open = new Set<DemoTerminal>();

/** Ends all demos that still run. */
export async function closeDemos(): Promise<void> {
  await Promise.all([...open].map((terminal) => terminal.close()));
}

/** The built program with its demo in a terminal whose cells can be read. Leaves no process or file behind once closed. */
export class DemoTerminal {
  readonly #home: string;
  readonly #size: Size;
  readonly #emulator: Emulator;
  readonly #pty: IPty;
  readonly #ended: Promise<unknown>;

  private constructor(home: string, size: Size) {
    this.#home = home;
    this.#size = size;
    this.#emulator = createEmulator(size);
    const clock = join(packageRoot(), 'scripts', 'pictures', 'still-clock.ts');
    const program = join(packageRoot(), 'bin', 'ocr.js');
    this.#pty = spawn(process.execPath, ['--import', clock, program, 'demo', '--still', '--seed', '1'], {
      ...{ name: 'xterm-256color', cols: size.columns, rows: size.rows, cwd: home },
      env: { HOME: home, TMPDIR: home, PATH: process.env.PATH, COLORTERM: 'truecolor', TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    this.#pty.onData((output) => this.#emulator.write(output));
    this.#emulator.onData((answer) => this.#pty.write(answer));
    this.#ended = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  /** Starts the demo in a theme, and waits until every host has answered or failed. */
  static async start(theme: string, size: Size): Promise<DemoTerminal> {
    const home = await mkdtemp(join(tmpdir(), 'ocr-pictures-'));
    await mkdir(join(home, '.opencode'));
    // `auto` depends on how soon the terminal answers.
    const config = `display: {theme: ${theme}, animation: false, icons: shapes}\n`;
    await writeFile(join(home, '.opencode', 'remote-tui.yaml'), config);
    const terminal = new DemoTerminal(home, size);
    open.add(terminal);
    try {
      await terminal.waitFor('the fleet', (screen) => NEXT_REFRESH.test(screen));
      return terminal;
    } catch (error) {
      await terminal.close();
      throw error;
    }
  }

  /** Sends keys as the terminal would. */
  press(keys: string): void {
    this.#pty.write(keys);
  }

  /** Lets a second pass for the program. */
  async tick(): Promise<void> {
    process.kill(this.#pty.pid, 'SIGUSR2');
    await sleep(TICK_MS);
  }

  /** Returns the text of the screen. */
  text(): string {
    return this.#cells().map(textOf).join('\n');
  }

  /** Waits until the screen holds what is sought and has not changed for some milliseconds. Returns its cells. */
  async waitFor(name: string, isReady: (screen: string) => boolean, stillMs = STILL_MS): Promise<Cell[][]> {
    const deadline = performance.now() + PATIENCE_MS;
    let [last, since] = ['', performance.now()];
    for (;;) {
      const cells = this.#cells();
      const [screen, seen] = [cells.map(textOf).join('\n'), JSON.stringify(cells)];
      const now = performance.now();
      if (seen !== last) [last, since] = [seen, now];
      else if (now - since >= stillMs && isReady(screen)) return cells;
      if (now > deadline) throw new Error(`${name} did not come within ${PATIENCE_MS} ms:\n${screen}`);
      await sleep(LOOK_MS);
    }
  }

  #cells(): Cell[][] {
    return readCells(this.#emulator.buffer.active, this.#size.columns, this.#size.rows);
  }

  /** Ends the demo and removes its home. */
  async close(): Promise<void> {
    if (!open.delete(this)) return;
    const killer = setTimeout(() => this.#pty.kill('SIGKILL'), END_MS);
    this.#pty.kill('SIGTERM');
    await this.#ended;
    clearTimeout(killer);
    this.#emulator.dispose();
    await rm(this.#home, { recursive: true, force: true });
  }
}
