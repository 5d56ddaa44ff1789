import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import * as z from 'zod';
import type { Fleet } from '../fleet/fleet.ts';
import { databasePath } from '../fleet/home.ts';
import type { HostAlias } from '../fleet/hosts.ts';
import type { OpencodeServer } from '../fleet/opencode-server.ts';
import { program, programPath, writeConfiguration } from './fleet-program.ts';
import { forgetView } from './forget-view.ts';
import { isOnline, rowOf } from './lab-dashboard.ts';
import { moveCursorTo } from './move-cursor.ts';
import { popupOf } from './popup.ts';
import { type Sought, Terminal } from './terminal.ts';

const created = z.object({ id: z.string() });
const stored = z.array(z.object({ id: z.string(), title: z.string(), archived: z.number().nullable() }));

export interface ManyHostsOptions {
  readonly include: readonly HostAlias[];
  /** More of the configuration; what stands below `hosts` as well. */
  readonly yaml?: string;
  readonly overrides?: string;
  readonly flags?: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** ms until a key is pressed again because its effect is not visible. */
const PRESSING = 2000;

/** The built dashboard over some hosts of a fleet, in a real terminal, with signs of ASCII. */
export class ManyHosts {
  readonly terminal: Terminal;
  readonly #fleet: Fleet;
  readonly #name: string;

  /** @param name unique among the dashboards of all test files */
  constructor(name: string, fleet: Fleet, environment: NodeJS.ProcessEnv = {}) {
    this.#fleet = fleet;
    this.#name = name;
    this.terminal = new Terminal(`ocr-${name}`, { ...fleet.environment, PATH: programPath(), ...environment });
  }

  get log(): string {
    return join(this.#fleet.directory, `${this.#name}.log`);
  }

  readLog(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Returns once all those hosts have answered. */
  async open(options: ManyHostsOptions): Promise<void> {
    const { include, yaml = '', overrides = '{}', flags = '', columns = 140, rows = 60 } = options;
    const text = [
      `hosts: {local: false, include: [${include.join(', ')}], overrides: ${overrides}}`,
      'polling: {interval: 1h, timeout: 60s}',
      'display: {theme: minimal, unicode: false, animation: false}',
      yaml,
    ].join('\n');
    await forgetView(this.#fleet.environment);
    const config = await writeConfiguration(this.#fleet, this.#name, `${text}\n`);
    const files = `--ssh-config ${this.#fleet.sshConfig} --config ${config} --log-file ${this.log} --log-level debug`;
    await this.terminal.start(`node ${program} ${files} ${flags}`, columns, rows);
    // The tree needs the whole width.
    const inspecting = await this.waitFor(/^ ocr /);
    if (inspecting.some((line) => line.includes('[details]'))) await this.keys('i');
    await this.waitFor((lines) => include.every((alias) => isOnline(rowOf(lines, alias))));
  }

  waitFor(sought: Sought, timeout?: number): Promise<string[]> {
    return this.terminal.waitFor(sought, timeout);
  }

  keys(...names: string[]): Promise<void> {
    return this.terminal.keys(...names);
  }

  /** The selected line. */
  async cursor(): Promise<string> {
    return cursorOf(await this.waitFor(/^>/));
  }

  /** Presses a key, more than once when keys are dropped, until that is seen. */
  async pressUntil(key: string, seen: Sought): Promise<string[]> {
    let lines: string[] | null = null;
    const press = async () => {
      await this.keys(key);
      lines = await this.terminal.waitFor(seen, PRESSING).catch(() => null);
      return lines !== null;
    };
    await expect.poll(press, { timeout: 60_000, interval: 10, message: `${key} leads to ${seen}` }).toBe(true);
    return lines ?? [];
  }

  /** Selects the first row that holds that. */
  moveTo(text: string, onward: 'Down' | 'Up' = 'Down'): Promise<string> {
    return moveCursorTo(this.terminal, (line) => line.includes(text), onward);
  }

  /** Leaves only what a search finds on the screen. */
  async search(word: string, sessions: number, hosts: number): Promise<void> {
    await this.terminal.type(`/${word}`);
    const found = new RegExp(` ${sessions} sessions? on ${hosts} hosts?  \\d+/\\d+$`);
    await this.waitFor((lines) => found.test(lines[1] ?? ''));
    await this.keys('Enter');
    await this.waitFor((lines) => lines[1]?.startsWith(` Fleet > ${word}  `) ?? false);
    await this.goHome();
  }

  /** Selects the first row, which is a host's. */
  async goHome(): Promise<void> {
    await this.keys('Home');
    await this.waitFor((lines) => /^> [v> ] \S /.test(cursorOf(lines)));
  }

  /** Marks a session that is on the screen. */
  async mark(title: string): Promise<void> {
    const count = markedRows(await this.terminal.screen()).length;
    await this.goHome();
    await this.moveTo(title);
    await this.keys('Space');
    await this.waitFor((lines) => {
      const marked = markedRows(lines);
      return marked.length === count + 1 && marked.some((row) => row.includes(title));
    });
  }

  /** The outcome of each item of the list of results, which may be longer than its popup. */
  async results(): Promise<ReturnType<typeof resultsOf>> {
    const first = await this.terminal.screen();
    await this.keys('End');
    const isAtEnd = (lines: readonly string[]) => {
      const [, last, count] =
        /-(\d+) of (\d+) \+/.exec(lines.find((line) => / \d+-\d+ of \d+ \+/.test(line)) ?? '') ?? [];
      return last === count;
    };
    return new Map([...resultsOf(first), ...resultsOf(await this.waitFor(isAtEnd))]);
  }

  close(): Promise<void> {
    return this.terminal.close();
  }
}

/** The selected line; none while a popup has the keys. */
export function cursorOf(lines: readonly string[]): string {
  return popupOf(lines).length > 0 ? '' : (lines.find((line) => line.startsWith('>')) ?? '');
}

/** Lines of the marked sessions; none while a popup has the keys. */
export function markedRows(lines: readonly string[]): string[] {
  return popupOf(lines).length > 0 ? [] : lines.filter((line) => /^[> ]# /.test(line));
}

/** The outcome of each item in a list of results, by its label. */
export function resultsOf(
  lines: readonly string[],
): Map<string, { readonly outcome: string; readonly reason: string }> {
  const found = new Map<string, { outcome: string; reason: string }>();
  let last: { outcome: string; reason: string } | null = null;
  for (const line of popupOf(lines).slice(1, -1)) {
    const match = /^..(ok|failed|skipped|running|waiting) +(.+?: .+?)(?: {2}(.*))?$/.exec(line);
    const [, outcome = '', label = '', reason = ''] = match ?? [];
    if (match !== null) {
      last = { outcome, reason };
      found.set(label, last);
    } else if (last !== null && /^ {11}\S/.test(line)) {
      last.reason = `${last.reason} ${line.trim()}`.trim();
    }
  }
  return found;
}

/** Sessions that a server makes, by their titles. */
export async function makeSessions(
  server: OpencodeServer,
  directory: string,
  titles: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const title of titles) {
    ids.set(title, created.parse(await server.request('POST', '/session', directory, { title })).id);
  }
  return ids;
}

/** Gives sessions that a host has other titles, before anything runs there. */
export function retitle(fleet: Fleet, alias: HostAlias, titles: readonly string[]): void {
  const database = new DatabaseSync(join(fleet.host(alias).home, databasePath));
  const rows = database.prepare('SELECT id FROM session WHERE time_archived IS NULL AND parent_id IS NULL LIMIT ?');
  const ids = z.array(created).parse(rows.all(titles.length));
  const update = database.prepare('UPDATE session SET title = ? WHERE id = ?');
  titles.forEach((title, index) => void update.run(title, ids[index]?.id ?? ''));
  database.close();
}

/** The sessions of a host whose title begins with a word, as its database has them, whatever is shown. */
export function storedSessions(fleet: Fleet, alias: HostAlias, word: string) {
  const database = new DatabaseSync(join(fleet.host(alias).home, databasePath), { readOnly: true });
  try {
    const query = 'SELECT id, title, time_archived AS archived FROM session WHERE title LIKE ? ORDER BY title';
    return stored.parse(database.prepare(query).all(`${word}%`));
  } finally {
    database.close();
  }
}
