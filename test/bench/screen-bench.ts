import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from '../../src/domain/format.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { startLab } from '../ssh-lab/lab.ts';
import { LYING_HOSTS, makeExecutable } from '../support/lying-hosts.ts';
import { buildHello, HELLO_SHOWN } from './hello.ts';
import { makeHome } from './made-up-fleet.ts';
import { median, quantile, type Row, spread } from './report.ts';
import { type BenchSize, killTerminals, Terminal } from './terminal.ts';

/** Nothing listens on the discard port: hosts fail at once and the screen is left to the keys. */
const NOWHERE = '  HostName 127.0.0.1\n  Port 9\n';

/** Keys before those that count: until then the code is still being compiled. */
const WARM_UP = 60;
const MOVES = 400;
/** Milliseconds without a key. */
const REST_MS = 12_000;

async function withHome<Result>(
  hosts: number,
  sessions: number | null,
  options: string,
  act: (terminal: (program?: string, size?: BenchSize) => Terminal, folder: string) => Promise<Result>,
  { interval, listed }: { interval: string; listed: readonly string[] } = { interval: '1h', listed: [] },
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'ocr-bench-'));
  try {
    const home = await makeHome(folder, hosts, sessions, options, interval, listed);
    return await act((program, size) => new Terminal(home, program, size), folder);
  } finally {
    await killTerminals();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

/** From the start of the process to the cached fleet on the screen, and to the last row of a hello-world of Ink. */
export function benchFirstFrame(hosts: number, sessions: number): Promise<Row> {
  return withHome(hosts, sessions, NOWHERE, async (start, folder) => {
    const hello = await buildHello(join(folder, 'hello'));
    const [ours, theirs] = [[] as number[], [] as number[]];
    // The first round of each compiles.
    for (let round = 0; round < 16; round += 1) {
      const dashboard = start();
      const shown = await dashboard.waitFor('host-040');
      await dashboard.close();
      const other = start(hello);
      const otherShown = await other.waitFor(HELLO_SHOWN);
      // Time to keep the compiled code.
      if (round === 0) await settle(1000);
      await other.kill();
      if (round === 0) continue;
      ours.push(shown);
      theirs.push(otherShown);
    }
    const ratio = median(ours) / median(theirs);
    return {
      what: `first useful frame, ${hosts} hosts x ${sessions} sessions cached`,
      figures: `median ${median(ours).toFixed(0)} ms : hello-world of Ink ${median(theirs).toFixed(0)} ms = ${ratio.toFixed(2)} (n=${ours.length})`,
      goal: 'goal: <= 0.8',
    };
  });
}

/** From writing a key to the pty to the bytes of its frame: moving through all rows, and typing a search. */
export function benchKeys(sessions: number, fleet: Fleet | null): Promise<Row[]> {
  const hosts = 200;
  const options =
    fleet === null ? NOWHERE : `  HostName ${fleet.host('homebin').address}\nInclude "${fleet.sshConfig}"\n`;
  return withHome(hosts, sessions / hosts, options, async (start) => {
    const terminal = start();
    await terminal.waitFor('host-040');
    if (fleet === null) await settle(2500);
    // A search that finds everything unfolds everything.
    await terminal.press('/', '_');
    await terminal.press('host', 'sessions on 200 hosts');
    await terminal.press('\r', 'close panel');
    const moves = await move(terminal, fleet === null);
    const afterMoves = terminal.memory().now;
    const typed = fleet === null ? await typeSearches(terminal) : [];
    const rest = fleet === null ? await atRest(terminal) : null;
    await terminal.close();
    const where = `${sessions.toLocaleString('en')} sessions${fleet === null ? '' : ', 200 hosts being probed'}`;
    if (rest === null)
      return [{ what: `End and Home to frame, ${where}`, figures: spread(moves), goal: 'goal: p99 <= 33 ms' }];
    const counts = sessions <= 10_000;
    return [
      { what: `key to frame, ${where}`, figures: spread(moves), goal: `goal: p99 <= ${counts ? 16 : 33} ms` },
      { what: `search key to its results, ${where}`, figures: spread(typed), goal: counts ? 'goal: p99 <= 50 ms' : '' },
      {
        what: `memory, ${where}`,
        figures: `${afterMoves.toFixed(0)} MB after ${WARM_UP + MOVES} keys, ${rest.memory.toFixed(0)} MB at rest`,
        goal: counts ? 'goal at rest: <= 150 MB' : '',
      },
      {
        what: `at rest for ${REST_MS / 1000} s, ${where}`,
        figures: `${rest.share.toFixed(2)} % of a core`,
        goal: 'goal: <= 1 %',
      },
    ];
  });
}

/** A cursor move on a screen of 300x100 with everything unfolded: its time, and the bytes that are written for it. */
export function benchWide(sessions: number): Promise<Row[]> {
  const hosts = 200;
  return withHome(hosts, sessions / hosts, NOWHERE, async (start) => {
    const terminal = start(undefined, { columns: 300, rows: 100 });
    await terminal.waitFor('host-040');
    await settle(2500);
    await terminal.press('/', '_');
    await terminal.press('host', 'sessions on 200 hosts');
    await terminal.press('\r', 'close panel');
    const bytes: number[] = [];
    const moves: number[] = [];
    for (let round = 0; round < WARM_UP + MOVES; round += 1) {
      const time = await terminal.press(nearKey(round), '▌');
      await settle(4);
      if (round < WARM_UP) continue;
      moves.push(time);
      bytes.push(terminal.outputBytes);
    }
    await terminal.close();
    const where = `${sessions.toLocaleString('en')} sessions, 300x100`;
    return [
      { what: `key to frame, ${where}`, figures: spread(moves), goal: 'goal: p99 <= 33 ms' },
      {
        what: `bytes of a cursor move, ${where}`,
        figures: `median ${median(bytes)}, p95 ${quantile(bytes, 0.95)} (n=${bytes.length})`,
        goal: 'goal: <= 2048',
      },
    ];
  });
}

/** Memory in MB and the share of a core in percent while nothing happens. */
async function atRest(terminal: Terminal): Promise<{ memory: number; share: number }> {
  await settle(REST_MS);
  const before = terminal.threadsCpu();
  await settle(REST_MS);
  return { memory: terminal.memory().now, share: ((terminal.threadsCpu() - before) / REST_MS) * 100 };
}

/** Many aliases of one host, asked for the first time: the most memory, and the CPU time of the program and the programs it ran. */
export function benchManyAliases(aliases: number, fleet: Fleet): Promise<Row> {
  const options = `  HostName ${fleet.host('homebin').address}\nInclude "${fleet.sshConfig}"\n`;
  const listed = { interval: '1h', listed: ['host-*'] };
  const act = async (start: () => Terminal) => {
    const terminal = start();
    const time = await terminal.waitFor(`   ${formatCount(aliases)} hosts`, 120_000);
    const { most } = terminal.memory();
    const seconds = terminal.cpu() / 1000;
    await terminal.close();
    return {
      what: `${aliases.toLocaleString('en')} aliases asked once`,
      figures: `${most.toFixed(0)} MB at most, ${seconds.toFixed(1)} s of client CPU, ${(time / 1000).toFixed(0)} s`,
      goal: 'goal: <= 200 MB, <= 10 s of CPU',
    };
  };
  return withHome(aliases, null, options, act, listed);
}

/** Milliseconds of each move: to the next row, or from end to end. */
async function move(terminal: Terminal, isNear: boolean): Promise<number[]> {
  const moves: number[] = [];
  for (let round = 0; round < WARM_UP + MOVES; round += 1) {
    const time = await terminal.press(isNear ? nearKey(round) : farKey(round), '▌');
    if (round >= WARM_UP) moves.push(time);
    await settle(isNear ? 4 : 8);
  }
  return moves;
}

/** Keys and memory beside one host that floods its shell, or sends 20 MB of titles or 100,000 sessions, polled every second. */
export async function benchLyingHosts(sessions: number): Promise<Row[]> {
  const hosts = 200;
  const lab = await startLab({ titles: LYING_HOSTS.titles, crowd: LYING_HOSTS.crowd, flood: LYING_HOSTS.flood });
  try {
    const rows: Row[] = [];
    await makeExecutable(lab, ['titles', 'crowd', 'flood']);
    for (const aliases of [[], ['flood'], ['titles'], ['crowd']] as const) {
      const include = aliases.length === 0 ? '' : `Include "${lab.sshConfig}"\n`;
      const listed = ['host-*', ...aliases];
      const row = await withHome(
        hosts,
        sessions / hosts,
        `${include}Host host-*\n${NOWHERE}`,
        async (start) => {
          const terminal = start();
          await terminal.waitFor('host-040');
          await settle(2500);
          await terminal.press('/', '_');
          await terminal.press('host-', 'sessions on 200 hosts');
          await terminal.press('\r', 'close panel');
          const moves = await move(terminal, false);
          const memory = terminal.memory().now;
          await terminal.close();
          const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(moves, share).toFixed(1));
          return {
            what: `End and Home to frame, ${sessions.toLocaleString('en')} sessions, ${aliases.length === 0 ? 'no lying host' : `beside the host "${aliases.join()}"`}`,
            figures: `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms (n=${moves.length}), ${memory.toFixed(0)} MB`,
            goal: 'goal: p95 <= 33 ms',
          };
        },
        { interval: '1s', listed },
      );
      rows.push(row);
    }
    return rows;
  } finally {
    await lab.close();
  }
}

/** Down twenty rows and up again: two lines change. */
const nearKey = (round: number) => (round % 40 < 20 ? 'j' : 'k');
/** End and Home: the whole screen changes, whatever the hosts that answer have done to the rows meanwhile. */
const farKey = (round: number) => (round % 2 === 0 ? '\u001b[F' : '\u001b[H');

/** A letter at a time until the count of what was found is there. */
async function typeSearches(terminal: Terminal): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    await terminal.press('/', '_');
    terminal.write('\u0015');
    await settle(60);
    for (const letter of 'timeuot') {
      times.push(await terminal.press(letter, 'hosts '));
      await settle(20);
    }
    terminal.write('\r');
    await settle(30);
  }
  return times;
}

function settle(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
