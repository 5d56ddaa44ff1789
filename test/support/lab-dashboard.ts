import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { textWidth } from '../../src/domain/text-width.ts';
import type { Lab } from '../ssh-lab/lab.ts';
import { program, programPath } from './fleet-program.ts';
import { forgetView } from './forget-view.ts';
import { moveCursorTo } from './move-cursor.ts';
import { popupOf } from './popup.ts';
import { type Sought, Terminal } from './terminal.ts';

export type LabDashboardOptions = {
  readonly include: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  /** `hosts.overrides`, as YAML in braces. */
  readonly overrides?: string;
  /** More of the configuration than the hosts. */
  readonly yaml?: string;
  /** The shell that it is started from, and what stands before its command. */
  readonly shell?: string;
  readonly before?: string;
  /** True to start where the dashboard before ended. */
  readonly remembers?: boolean;
};

/** Asked once at the start, with the patience of a busy machine. */
const ONCE = 'polling: {interval: 1h, timeout: 60s}';

/** ms until hidden text is typed again, or a key pressed again, because it was dropped. */
const TYPING = 1000;
const PRESSING = 300;

/** The built dashboard over hosts of a lab, in a real terminal, run by a user with an empty home. */
export class LabDashboard {
  readonly terminal: Terminal;
  readonly lab: Lab;
  /** The program's log at its most talkative. */
  readonly log: string;
  /** All that the terminal was sent since it was opened. */
  readonly recording: string;
  /** Where the program and its ssh put what they need for a while. */
  readonly temporary: string;

  /** @param name unique among the test files that may run at the same time */
  constructor(name: string, lab: Lab) {
    this.lab = lab;
    this.log = join(lab.directory, 'ocr.log');
    this.recording = join(lab.directory, 'recording');
    // Short, because sockets are made there.
    this.temporary = join(lab.directory, 't');
    this.terminal = new Terminal(name, this.environment);
  }

  /** Its surroundings. Anything it leaves running ends with the lab. */
  get environment(): NodeJS.ProcessEnv {
    const { environment, directory } = this.lab;
    return { ...environment, PATH: programPath(), TMPDIR: this.temporary, OCR_FLEET: directory };
  }

  async open({
    include,
    columns = 120,
    rows = 40,
    overrides = '{}',
    yaml = ONCE,
    shell = 'sh',
    before = '',
    remembers = false,
  }: LabDashboardOptions): Promise<void> {
    const { sshConfig, directory } = this.lab;
    const config = join(directory, 'config.yaml');
    await mkdir(this.temporary, { recursive: true });
    if (!remembers) await forgetView(this.environment);
    await writeFile(
      config,
      `hosts: {local: false, include: [${include.join(', ')}], overrides: ${overrides}}\n${yaml}\n`,
    );
    const record = `tmux pipe-pane 'cat >>${this.recording}'`;
    const files = `--ssh-config ${sshConfig} --config ${config} --log-file ${this.log} --log-level debug`;
    await this.terminal.start(`${record}; clear; ${before} node ${program} ${files}`, columns, rows, shell);
  }

  close(): Promise<void> {
    return this.terminal.close();
  }

  waitFor(sought: Sought): Promise<string[]> {
    return this.terminal.waitFor(sought);
  }

  keys(...names: string[]): Promise<void> {
    return this.terminal.keys(...names);
  }

  /** The first screen without a popup on which those have answered. */
  waitUntilOnline(...aliases: string[]): Promise<string[]> {
    return this.waitFor(
      (lines) => popupOf(lines).length === 0 && aliases.every((alias) => isOnline(rowOf(lines, alias))),
    );
  }

  /** The row of a host once it says that, without a popup over it. */
  async waitForRow(alias: string, text: string | RegExp): Promise<string> {
    const says = (row: string) => (typeof text === 'string' ? row.includes(text) : text.test(row));
    const lines = await this.waitFor((screen) => popupOf(screen).length === 0 && says(rowOf(screen, alias) ?? ''));
    return rowOf(lines, alias) ?? '';
  }

  /** Moves the cursor to a host. */
  async select(alias: string): Promise<void> {
    await moveCursorTo(this.terminal, (line) => rowOf([line], alias) !== undefined);
  }

  /** Types hidden text in answer to the prompt that is shown, and sees to it that it stays hidden. */
  async typeHidden(text: string): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      await this.terminal.type(text);
      const typed = new RegExp(`^❯ .*[^•]•{${text.length}}_$`);
      const lines = await this.terminal.waitFor(typed, TYPING).catch(() => null);
      expect((lines ?? (await this.terminal.screen())).join('\n')).not.toContain(text);
      if (lines !== null) return;
      await this.keys('C-u');
    }
    throw new Error(`Nothing can be typed:\n${(await this.terminal.screen()).join('\n')}`);
  }

  /** Answers the prompt that begins with that. */
  async answer(prompt: string, text: string): Promise<void> {
    await this.waitFor((lines) => popupOf(lines).some((line) => line.startsWith(`❯ ${prompt}`) && / _$/.test(line)));
    await this.typeHidden(text);
    await this.keys('Enter');
  }

  /** Attaches to the only session that a search finds, sees one of its lines, and leaves it. */
  async visit(query: string, title: string, line: string): Promise<void> {
    await this.#pressUntil('/', (lines) => /^ \/ .*_/.test(lines[1] ?? ''));
    await this.keys('C-u');
    await this.terminal.type(query);
    await this.waitFor(title);
    await this.keys('Enter');
    await this.waitFor(
      (lines) => /^ \S+ › /.test(lines[1] ?? '') && lines.some((row) => row.startsWith('▌') && row.includes(title)),
    );
    await this.keys('Enter');
    await this.waitFor(line);
    await this.keys('C-c');
    await this.waitFor((lines) => isDashboard(lines) && lines.some((row) => row.includes(title)));
    await this.#pressUntil('Escape', (lines) => / \[1 Fleet\] /.test(lines[1] ?? ''));
  }

  /** Makes ocr ask every host again. */
  async refresh(): Promise<void> {
    const left = (lines: readonly string[]) => Number(/↻(\d+)s$/.exec(lines[0] ?? '')?.[1]);
    const before = left(await this.waitFor((lines) => left(lines) < 3599));
    await this.#pressUntil('r', (lines) => left(lines) > before);
  }

  /** Presses a key until that is seen: those are dropped that come right after the screen has changed hands. */
  async #pressUntil(key: string, seen: (lines: readonly string[]) => boolean): Promise<void> {
    const press = async () => {
      await this.keys(key);
      return this.terminal.waitFor(seen, PRESSING).then(Boolean, () => false);
    };
    await expect.poll(press, { timeout: 10_000 }).toBe(true);
  }

  /** Waits for the shell that the dashboard was started from, with a terminal as it was. */
  async waitUntilLeft(): Promise<void> {
    await this.waitFor(/^ready>$/);
    expect(await this.terminal.variable('alternate_on')).toBe('0');
    expect(await this.terminal.variable('cursor_flag')).toBe('1');
  }
}

/** The line of a host in the tree, below its cursor, fold and state signs; the count of its sessions follows. */
export function rowOf(lines: readonly string[], alias: string): string | undefined {
  return lines.find((line) => new RegExp(`^[▌> ] [▸▾>v ] \\S{1,2} {1,2}${alias}( {2}|$)`).test(line));
}

/** True for the line of a host that has answered: its state is one of those that tell so. */
export function isOnline(row: string | undefined): boolean {
  return row !== undefined && / (live|polled)( |$)/.test(row);
}

/** True for a screen of the dashboard, whatever it shows. */
export function isDashboard(lines: readonly string[]): boolean {
  return /^ ocr /.test(lines[0] ?? '') && (/^ \S+ \w/.test(lines.at(-1) ?? '') || popupOf(lines).length > 0);
}

/** Fails for a screen that is not filled to its size: header, footer and no line too wide. */
export function expectToFit(lines: readonly string[], columns: number, rows: number): void {
  expect(lines).toHaveLength(rows);
  expect(isDashboard(lines), lines.join('\n')).toBe(true);
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
}
