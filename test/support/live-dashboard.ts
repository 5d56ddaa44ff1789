import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, programPath, writeConfiguration } from './fleet-program.ts';
import { isDashboard, rowOf } from './lab-dashboard.ts';
import type { LiveFleet } from './live-fleet.ts';
import { type Sought, Terminal } from './terminal.ts';

export type LiveDashboardOptions = {
  /** As in the configuration, such as `5s`. */
  readonly interval?: string;
  readonly columns?: number;
  readonly rows?: number;
  /** More of the configuration. */
  readonly yaml?: string;
};

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
    const { interval = '1h', columns = 130, rows = 40, yaml = '' } = options;
    const { fleet } = this.#live;
    const text = [
      'hosts: {local: false, include: [alpha]}',
      `polling: {interval: ${interval}, timeout: 60s}`,
      'display: {theme: minimal, unicode: false}',
      yaml,
    ].join('\n');
    const config = await writeConfiguration(fleet, this.#name, `${text}\n`);
    const files = `--ssh-config ${fleet.sshConfig} --config ${config} --log-file ${this.log} --log-level debug`;
    await this.terminal.start(`node ${program} ${files}`, columns, rows);
    await this.waitFor((lines) => new RegExp(` ${way} +\\d+ ms`).test(rowOf(lines, 'alpha') ?? ''));
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

  readLog(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Shows the row of a session by a search for its title, alone with what leads to it. */
  async find(title: string): Promise<void> {
    await this.terminal.type(`/${title}`);
    await this.waitFor(
      (lines) => sessionRow(lines, title) !== undefined && (lines[1]?.includes(' sessions on ') ?? false),
    );
    await this.keys('Enter');
    await this.waitFor((lines) => lines.some((line) => line.startsWith('>') && line.includes(title)));
  }

  /** Opens the triage view and selects a session there. */
  async triage(title: string): Promise<string[]> {
    await this.waitFor(isDashboard);
    if (!inTriage(await this.terminal.screen())) await this.keys('t');
    await this.waitFor((lines) => inTriage(lines) && lines.some((line) => line.includes(title)));
    for (;;) {
      const lines = await this.terminal.screen();
      const row = lines.find((line) => line.startsWith('>')) ?? '';
      if (row.includes(title)) return this.waitFor(detailOf(title));
      await this.keys('j');
      await this.waitFor((screen) => !screen.includes(row));
    }
  }

  async leaveTriage(): Promise<void> {
    if (inTriage(await this.terminal.screen())) await this.keys('Escape');
    await this.waitFor((lines) => isDashboard(lines) && !inTriage(lines));
  }
}

const TRIAGE_ROW = /^[> ] (permission|question|error|ended|stalled) +\d+\w /;

/** True for a screen of the triage view. */
export function inTriage(lines: readonly string[]): boolean {
  return isDashboard(lines) && lines.some((line) => TRIAGE_ROW.test(line) || line === '  no session needs you');
}

/** Rows of the triage view, without the cursor. */
export function triageRows(lines: readonly string[]): string[] {
  return lines.filter((line) => TRIAGE_ROW.test(line)).map((line) => line.slice(2));
}

/** The triage view shows what that session asks. */
function detailOf(title: string): (lines: readonly string[]) => boolean {
  return (lines) => lines.some((line) => line === ` ${title}`);
}

/** The line of a session in the tree. */
export function sessionRow(lines: readonly string[], title: string): string | undefined {
  return lines.slice(2).find((line) => / {4}\S/.test(line) && line.includes(` ${title}`));
}

/** The sign of a session's state in the tree: `working` for a spinner, else the character. */
export function signOf(lines: readonly string[], title: string): string | undefined {
  const row = sessionRow(lines, title);
  const sign = row?.charAt(row.indexOf(` ${title}`) - 1);
  return sign !== undefined && '|/-\\'.includes(sign) ? 'working' : sign;
}
