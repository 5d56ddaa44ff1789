import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, programPath, writeConfiguration } from './fleet-program.ts';
import { forgetView } from './forget-view.ts';
import { isDashboard, rowOf } from './lab-dashboard.ts';
import type { LiveFleet } from './live-fleet.ts';
import { moveCursorTo } from './move-cursor.ts';
import { popupOf } from './popup.ts';
import { type Sought, Terminal } from './terminal.ts';

export type LiveDashboardOptions = {
  /** As in the configuration, such as `5s`. */
  readonly interval?: string;
  readonly timeout?: string;
  readonly columns?: number;
  readonly rows?: number;
  /** More of the configuration. */
  readonly yaml?: string;
};

/** Milliseconds until a key is pressed again, and until the test gives up. */
const PRESSING = 2000;
const PATIENCE = 30_000;

/** The built dashboard over alpha, in a real terminal, with signs of ASCII: `|/-\` works, `!` waits, `?` is unknown. */
export class LiveDashboard {
  readonly terminal: Terminal;
  /** The program's log at its most talkative. */
  readonly log: string;
  readonly #live: LiveFleet;
  readonly #name: string;

  /** @param name unique among the dashboards of all test files */
  constructor(name: string, live: LiveFleet) {
    this.#live = live;
    this.#name = name;
    this.log = join(live.fleet.directory, `${name}.log`);
    this.terminal = new Terminal(`ocr-${name}`, { ...live.fleet.environment, PATH: programPath() });
  }

  /** Returns once alpha has answered and, unless it is not to, its server is followed. */
  async open(options: LiveDashboardOptions = {}, way: 'live' | 'polled' = 'live'): Promise<void> {
    const { interval = '1h', timeout = '60s', columns = 120, rows = 40, yaml = '' } = options;
    const { fleet } = this.#live;
    const text = [
      'hosts: {local: false, include: [alpha]}',
      `polling: {interval: ${interval}, timeout: ${timeout}}`,
      'display: {theme: minimal, unicode: false}',
      yaml,
    ].join('\n');
    await forgetView(fleet.environment);
    const config = await writeConfiguration(fleet, this.#name, `${text}\n`);
    const files = `--ssh-config ${fleet.sshConfig} --config ${config} --log-file ${this.log} --log-level debug`;
    await this.terminal.start(`node ${program} ${files}`, columns, rows);
    await this.waitFor((lines) => new RegExp(` ${way}( |$)`).test(rowOf(lines, 'alpha') ?? ''));
  }

  close(): Promise<void> {
    return this.terminal.close();
  }

  waitFor(sought: Sought, timeout?: number): Promise<string[]> {
    return this.terminal.waitFor(sought, timeout);
  }

  keys(...names: string[]): Promise<void> {
    return this.terminal.keys(...names);
  }

  /** Presses a key until that is seen: those are dropped that come right after the screen has changed by itself. */
  async press(key: string, sought: Sought): Promise<string[]> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      await this.keys(key);
      const lines = await this.terminal.waitFor(sought, PRESSING).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return null;
      });
      if (lines !== null) return lines;
    }
  }

  readLog(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Shows the row of a session by a search for its title, alone with what leads to it. */
  async find(title: string): Promise<void> {
    await this.press('/', (lines) => /^ \/ .*_/.test(lines[1] ?? ''));
    await this.terminal.type(title);
    await this.waitFor((lines) => sessionRow(lines, title) !== undefined && / sessions? on /.test(lines[1] ?? ''));
    await this.press('Enter', (lines) => cursorRow(lines).includes(title) && /^ \S+ > /.test(lines[1] ?? ''));
  }

  /** Shows the sessions of alpha's project whose path ends in that. */
  async unfold(project: string): Promise<void> {
    await this.press('Home', (lines) => rowOf([cursorRow(lines)], 'alpha') !== undefined);
    const isProject = (line: string) => new RegExp(`^.\\s+[v>] \\S*${project} `).test(line);
    await this.press('l', (lines) => lines.some(isProject));
    await moveCursorTo(this.terminal, isProject);
    await this.press('l', (lines) => /^>.* v \S/.test(cursorRow(lines)) || !isProject(cursorRow(lines)));
  }

  /** Opens the triage view and selects a session there once it asks something. */
  async triage(title: string): Promise<string[]> {
    const asks = (line: string) => /^[> ] {2}! (permission|question) /.test(line) && line.includes(`  ${title}  `);
    const lines = await this.waitFor(isDashboard);
    if (!inTriage(lines)) await this.press('t', inTriage);
    await this.waitFor((screen) => screen.some(asks));
    await moveCursorTo(this.terminal, asks);
    return this.waitFor(
      (screen) => asks(cursorRow(screen)) && screen.some((line) => line.startsWith(`-- ${title} -- alpha `)),
    );
  }

  async leaveTriage(): Promise<void> {
    if (inTriage(await this.terminal.screen())) await this.press('Escape', (lines) => !inTriage(lines));
  }
}

const TRIAGE_ROW = /^[> ][# ] \S (permission|question|error|done|stalled) +\d+\w /;

/** True for a screen of the triage view. */
export function inTriage(lines: readonly string[]): boolean {
  return isDashboard(lines) && (lines[1]?.includes(' [4 Triage]') ?? false);
}

/** Rows of the triage view, from the word that says why. */
export function triageRows(lines: readonly string[]): string[] {
  return lines.filter((line) => TRIAGE_ROW.test(line)).map((line) => line.slice(5));
}

/** The selected line; none while a popup has the keys. */
function cursorRow(lines: readonly string[]): string {
  return popupOf(lines).length > 0 ? '' : (lines.find((line) => line.startsWith('>')) ?? '');
}

/** The line of a session in the tree. */
export function sessionRow(lines: readonly string[], title: string): string | undefined {
  return lines.slice(2).find((line) => / {4}\S/.test(line) && line.includes(` ${title}`));
}

/** The sign of a session's state in the tree: `working` for a spinner or its still sign, else the character. */
export function signOf(lines: readonly string[], title: string): string | undefined {
  const row = sessionRow(lines, title);
  const sign = row?.charAt(row.indexOf(` ${title}`) - 1);
  return sign !== undefined && '|/-\\W'.includes(sign) ? 'working' : sign;
}
