import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { textWidth } from '../../src/domain/text-width.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type HostAlias, hasSshd, hostAliases } from '../fleet/hosts.ts';
import { hostileDirectory, hostileTitles, web } from '../fleet/seed-plan.ts';
import { program, programPath, runOnHost, runProgram, writeConfiguration } from '../support/fleet-program.ts';
import { forgetView } from '../support/forget-view.ts';
import { isDashboard, isOnline as isFresh, rowOf } from '../support/lab-dashboard.ts';
import { moveCursorTo } from '../support/move-cursor.ts';
import { popupOf } from '../support/popup.ts';
import { Terminal } from '../support/terminal.ts';

/** Hosts that a key opens and that have opencode, those first that answer without a slow call of it. */
const quick = ['alpha', 'beta', 'homebin', 'big', 'slow'] as const;
const healthy = [...quick, 'gamma', 'delta'] as const;

/** The other hosts as the user sees them, in 130 columns. */
const failures: Partial<Record<HostAlias, RegExp>> = {
  bare: / no opencode {2,}\S/,
  refused: / offline {2,}connection refused/,
  silent: / offline {2,}no SSH answer within 10s/,
  password: / needs auth {2,}.*password/,
  changed: / key changed {2,}not the one in \S+known_hosts:\d+/,
  unknown: / new key {2,}it shows ssh-ed25519 SHA256:\S+/,
};

let fleet: Fleet;
let terminal: Terminal;

beforeAll(async () => {
  fleet = await startFleet();
  terminal = new Terminal('ocr-dashboard', { ...fleet.environment, PATH: programPath() });
});
afterEach(() => terminal?.close());
afterAll(() => fleet?.close());

describe('the tree', () => {
  it('shows every host in its first frame, and each turns fresh or failed by itself', async () => {
    await openDashboard({ columns: 130, rows: 40 });
    const first = await terminal.waitFor(isDashboard);
    for (const alias of hostAliases) expect(rowOf(first, alias), alias).toBeDefined();

    const early = await terminal.waitFor((lines) => quick.every((alias) => isFresh(rowOf(lines, alias))));
    expect(rowOf(early, 'silent')).toMatch(/ asking( |$)/);

    const late = await terminal.waitFor(
      (lines) =>
        healthy.every((alias) => isFresh(rowOf(lines, alias))) &&
        Object.entries(failures).every(([alias, reason]) => reason.test(rowOf(lines, alias) ?? '')),
    );
    expect(late[0]).toContain(` ${healthy.length}/${hostAliases.length} hosts `);
  });

  it('shows the reason of a failure in full, and what can be done', async () => {
    await openDashboard({ include: ['unknown'] });
    await terminal.waitFor(/ unknown .* new key /);
    await terminal.type('e');
    await terminal.waitFor((lines) =>
      popupOf(lines)
        .map((text) => text.trim())
        .join(' ')
        .includes('The host shows ssh-ed25519 SHA256:'),
    );
    await terminal.keys('Escape');
    await terminal.waitFor((lines) => popupOf(lines).length === 0 && lines.some((line) => / new key /.test(line)));
  });
});

describe('the search', () => {
  it('finds a session by a misspelt word, takes q for a letter, and gives the tree back', async () => {
    await openDashboard({ include: ['alpha', 'beta', 'homebin'] });
    const before = await terminal.waitFor((lines) =>
      ['alpha', 'beta', 'homebin'].every((alias) => isFresh(rowOf(lines, alias))),
    );
    await terminal.type('/logn timout');
    const found = await terminal.waitFor('Fix login timeout');
    expect(found.join('\n')).not.toMatch(/Dark mode|beta/);
    expect(found[1]).toContain('1 session on 1 host ');

    await terminal.keys('C-u');
    await terminal.type('q');
    await terminal.waitFor(/^ \/ q_/);
    await terminal.type('uery');
    await terminal.waitFor('Trace the slow report query');

    await terminal.keys('Escape');
    const after = await terminal.waitFor(
      (lines) => rowOf(lines, 'alpha') !== undefined && / \[1 Fleet\] /.test(lines[1] ?? ''),
    );
    expect(after.slice(1).map(withoutFigures)).toEqual(before.slice(1).map(withoutFigures));
  });
});

describe('an attach', () => {
  const title = 'A session in a hostile directory';

  it('opens that very session in its directory, comes back at Ctrl-C, and can be done again', async () => {
    await openDashboard({ include: ['alpha'] });
    await attachTo('hostile directory', title);
    await terminal.waitFor('You said: where am I?');
    // The last row tells where the session is.
    expect(await terminalSizeOnHost()).toBe('39 120');

    await terminal.resize(100, 30);
    await expect.poll(terminalSizeOnHost, { timeout: 20_000 }).toBe('29 100');
    await terminal.waitFor((lines) => lines.length === 30 && lines.join('\n').includes('You said: where am I?'));

    await terminal.keys('C-c');
    await waitForDashboard();
    await terminal.waitFor(title);
    await pressUntilAttached();
    await terminal.waitFor('You said: where am I?');
    await terminal.keys('C-c');
    await waitForDashboard();
    await terminal.waitFor(title);

    expect(existsSync('x')).toBe(false);
    const names = readdirSync(fleet.host('alpha').home, { recursive: true, encoding: 'utf8' });
    expect(names).toContain(hostileDirectory);
    expect(names.filter((name) => name === 'x' || name.endsWith('/x'))).toEqual([]);
  });

  it('says that a session is gone which was deleted meanwhile', async () => {
    await openDashboard({ include: ['alpha'] });
    await select('flaky checkout', 'Flaky checkout test');
    const { id } = (await listSessions('alpha')).find((session) => session.title === 'Flaky checkout test')!;
    await runOnHost(fleet, 'alpha', `cd ${join(fleet.host('alpha').home, web)} && opencode session delete ${id}`);
    await terminal.waitFor('Flaky checkout test');
    await terminal.keys('Enter');
    await terminal.waitFor('that session is gone');
    await waitForDashboard();
  });

  it('that loses its connection gives the dashboard back, says so, and can be done again', async () => {
    await openDashboard({ include: ['homebin'] });
    await attachTo('exchange rates', 'Cache the exchange rates');
    await terminal.waitFor('You said: cache them for an hour');
    await fleet.stop('homebin');
    try {
      await terminal.waitFor('homebin: the connection was lost');
      await waitForDashboard();
      await terminal.waitFor(/ homebin .* offline +\d+[smh] .*connection refused/);
    } finally {
      await fleet.start('homebin');
    }
    await pressUntilAttached();
    await terminal.waitFor('You said: cache them for an hour');
  });

  /** Rows and columns of the terminal that opencode has on its host. */
  async function terminalSizeOnHost(): Promise<string> {
    const script = `tty=$(ps -A -o tty=,args= | awk '/ [-]-session ses_/ && $1 != "?" { print $1; exit }'); stty size -F "/dev/$tty"`;
    return (await runOnHost(fleet, 'alpha', script)).trim();
  }
});

describe('hostile titles', () => {
  it.each([
    [80, 24],
    [160, 50],
  ])('break no line in %i columns and %i rows', async (columns, rows) => {
    await openDashboard({ include: ['alpha'], columns, rows });
    await terminal.waitFor((lines) => isFresh(rowOf(lines, 'alpha')));
    await terminal.keys('Enter');
    await terminal.waitFor('work/web');
    await moveCursorTo(terminal, (line) => line.includes('work/web'));
    await terminal.keys('Enter');
    const lines = await terminal.waitFor('Dark mode for the settings page');
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toMatch(/^ ocr .* 1 host /);
    expect(isDashboard(lines)).toBe(true);
    const first = lines.findIndex((line) => line.includes('Dark mode'));
    const sessions = lines.slice(first, first + 1 + hostileTitles.length);
    const edges = sessions.map((line) => textWidth(/^.* \d+[smhd]\b/.exec(line)?.[0] ?? line));
    expect(new Set(edges).size, sessions.join('\n')).toBe(1);
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    for (const part of ['clear', 'two lines and a tab', 'tfel', '漢字テ', 'combining', 'C1 control']) {
      expect(sessions.join('\n')).toContain(part);
    }
    expect(await terminal.variable('pane_title')).not.toContain('pwn');
  });
});

describe('the look', () => {
  it('has no colour under NO_COLOR', async () => {
    await openDashboard({ include: ['alpha', 'refused'], variables: 'NO_COLOR=1' });
    await terminal.waitFor((lines) => isFresh(rowOf(lines, 'alpha')) && lines.join().includes('connection refused'));
    expect(coloursOf(await terminal.painted())).toEqual([]);
  });

  it('has colours without it', async () => {
    await openDashboard({ include: ['alpha', 'refused'] });
    await terminal.waitFor((lines) => isFresh(rowOf(lines, 'alpha')));
    expect(coloursOf(await terminal.painted())).not.toEqual([]);
  });

  it('is of ASCII alone with the minimal theme and without Unicode', async () => {
    const display = 'display: {theme: minimal, unicode: false}';
    await openDashboard({ include: ['beta', 'refused', 'unknown'], columns: 160, rows: 50, yaml: display });
    await terminal.waitFor((lines) => isFresh(rowOf(lines, 'beta')));
    await terminal.type('/work');
    const lines = await terminal.waitFor('Plan the quarter');
    expect(lines.join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe('a start while no host answers', () => {
  it('shows the fleet of the last run as stale, and why each host does not answer', async () => {
    await listSessions(...healthy);
    const stopped = hostAliases.filter(hasSshd);
    await Promise.all(stopped.map((alias) => fleet.stop(alias)));
    try {
      await openDashboard({
        include: [...healthy, 'refused'],
        columns: 130,
        rows: 40,
        yaml: 'polling: {interval: 1h, timeout: 3s}',
      });
      const screen = await terminal.waitFor((lines) =>
        healthy.every((alias) => / offline +\d+[smhd] {2}\S/.test(rowOf(lines, alias) ?? '')),
      );
      // The proxy in front of `slow` still listens.
      for (const alias of healthy.filter((name) => name !== 'slow')) {
        expect(rowOf(screen, alias)).toMatch(/ offline +\d+[smhd] {2}connection refused/);
      }
      await terminal.type('/fix login');
      await terminal.waitFor('Fix login timeout');
      await terminal.keys('Enter');
      await terminal.keys('Enter');
      await terminal.waitFor('alpha cannot be reached');
    } finally {
      await Promise.all(stopped.map((alias) => fleet.start(alias)));
    }
  });
});

describe('the end', () => {
  it.each([
    ['q', () => terminal.keys('q')],
    ['Ctrl-C', () => terminal.keys('C-c')],
    ['Ctrl-C in the search box', () => terminal.keys('/', 'a', 'C-c')],
    ['SIGTERM', async () => process.kill((await terminal.processes())[0]!, 'SIGTERM')],
  ])('by %s gives the terminal back and leaves no process behind', async (_name, leave) => {
    await openDashboard({ include: ['alpha', 'silent'], local: true });
    await terminal.waitFor((lines) => isFresh(rowOf(lines, 'alpha')) && !/ asking /.test(rowOf(lines, 'local') ?? ''));
    expect(await terminal.variable('alternate_on')).toBe('1');
    const processes = await terminal.processes();
    expect(processes.length, 'the dashboard and the sh of the host local').toBeGreaterThan(1);
    await leave();
    await terminal.waitFor(/^ready>$/, 10_000);
    expect(await terminal.variable('alternate_on')).toBe('0');
    expect(await terminal.variable('cursor_flag')).toBe('1');
    await expect.poll(() => processes.filter(isRunning), { timeout: 5000 }).toEqual([]);
    await terminal.run('clear; stty -a; echo asked');
    const settings = (await terminal.waitFor(/^asked$/)).join(' ');
    expect(settings).toMatch(/ icanon /);
    expect(settings).toMatch(/ echo /);
    expect(settings).toMatch(/ isig /);
  });

  it('while opencode is attached ends that too and gives the terminal back', async () => {
    await openDashboard({ include: ['beta'] });
    await attachTo('rate limiting', 'Add rate limiting');
    await terminal.waitFor('You said: limit requests per user');
    const processes = await terminal.processes();
    process.kill(processes[0]!, 'SIGTERM');
    await terminal.waitFor(/^ready>$/, 20_000);
    expect(await terminal.variable('alternate_on')).toBe('0');
    expect(await terminal.variable('cursor_flag')).toBe('1');
    expect(await terminal.variable('mouse_any_flag')).toBe('0');
    await expect.poll(() => processes.filter(isRunning), { timeout: 5000 }).toEqual([]);
  });
});

type DashboardOptions = {
  readonly include?: readonly HostAlias[];
  readonly local?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Environment variables, in the form of a shell prefix. */
  readonly variables?: string;
  /** More of the configuration than the hosts. */
  readonly yaml?: string;
};

/** Hosts are asked once at the start, so that what happens on them meanwhile is not seen. */
async function openDashboard(options: DashboardOptions = {}): Promise<void> {
  const { include = hostAliases, local = false, columns = 120, rows = 40, variables = '' } = options;
  // A busy machine makes the slow calls of opencode slower than the default timeout.
  const { yaml = 'polling: {interval: 1h, timeout: 60s}' } = options;
  const hosts = `hosts: {local: ${local}, include: [${include.join(', ')}], overrides: {silent: {timeout: 10s}}}`;
  await forgetView(fleet.environment);
  const config = await writeConfiguration(fleet, 'dashboard', `${hosts}\n${yaml}\n`);
  await terminal.start(
    `${variables} node ${program} --ssh-config ${fleet.sshConfig} --config ${config}`,
    columns,
    rows,
  );
}

/** Selects the only session that a search finds, with all other rows out of the way. */
async function select(query: string, title: string): Promise<void> {
  await terminal.waitFor((lines) => lines.some(isFresh));
  await terminal.type(`/${query}`);
  await terminal.waitFor(title);
  await terminal.keys('Enter');
  await terminal.waitFor(
    (lines) =>
      / open /.test(lines.at(-1) ?? '') &&
      /^ \S+ › /.test(lines[1] ?? '') &&
      lines.some((line) => /^▌.*/.test(line) && line.includes(title)),
  );
}

async function attachTo(query: string, title: string): Promise<void> {
  await select(query, title);
  await terminal.keys('Enter');
}

/** Right after an attach keys are dropped that were meant for what had been attached, so more than one press may be needed. */
async function pressUntilAttached(): Promise<void> {
  const given = (lines: readonly string[]) => !lines[0]?.startsWith(' ocr ') || lines.join().includes('Opening ');
  await expect
    .poll(
      async () => {
        await terminal.keys('Enter');
        return terminal.waitFor(given, 500).then(
          () => true,
          () => false,
        );
      },
      { timeout: 10_000 },
    )
    .toBe(true);
}

async function waitForDashboard(): Promise<void> {
  await terminal.waitFor(isDashboard);
}

/** A line without ages and latencies, which change by themselves. */
function withoutFigures(line: string): string {
  return line.replace(/\d+/g, '0').replace(/\s+/g, ' ');
}

/** The SGR sequences (ECMA-48) that set a colour. */
function coloursOf(painted: string): string[] {
  const sequences = painted.match(/\u001b\[[\d;:]*m/g) ?? [];
  return sequences.filter((sequence) => /[[;](3[0-8]|4[0-8]|9[0-7]|10[0-7])[;:m]/.test(sequence));
}

/** Asks those hosts again in a run of its own, and caches the answers. */
async function listSessions(...include: HostAlias[]) {
  const yaml = `hosts: {local: false, include: [${include.join(', ')}]}\npolling: {timeout: 60s}\n`;
  const config = await writeConfiguration(fleet, 'sessions', yaml);
  const parameters = ['sessions', '--json', '--ssh-config', fleet.sshConfig, '--config', config];
  const { stdout } = await runProgram(parameters, fleet.environment);
  return z.array(z.object({ id: z.string(), host: z.string(), title: z.string() })).parse(JSON.parse(stdout));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
