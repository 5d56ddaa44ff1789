import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fleet } from '../fleet/fleet.ts';
import { startLab } from '../ssh-lab/lab.ts';
import { LYING_HOSTS, makeExecutable } from '../support/lying-hosts.ts';
import { makeHome } from './made-up-fleet.ts';
import { median, quantile, type Row, spread } from './report.ts';
import { killTerminals, Terminal } from './terminal.ts';

/** Nothing listens on the discard port: hosts fail at once and the screen is left to the keys. */
const NOWHERE = '  HostName 127.0.0.1\n  Port 9\n';

/** Keys before those that count: until then the code is still being compiled. */
const WARM_UP = 60;

async function withHome<Result>(
  hosts: number,
  sessions: number,
  options: string,
  act: (terminal: () => Terminal) => Promise<Result>,
  { interval, listed }: { interval: string; listed: readonly string[] } = { interval: '1h', listed: [] },
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'ocr-bench-'));
  try {
    const home = await makeHome(folder, hosts, sessions, options, interval, listed);
    return await act(() => new Terminal(home));
  } finally {
    await killTerminals();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

/** From the start of the process to the cached fleet on the screen. */
export function benchFirstFrame(hosts: number, sessions: number): Promise<Row> {
  return withHome(hosts, sessions, NOWHERE, async (start) => {
    const times: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      const terminal = start();
      times.push(await terminal.waitFor('host-040'));
      await terminal.close();
    }
    return {
      what: `first useful frame, ${hosts} hosts x ${sessions} sessions cached`,
      figures: `median ${median(times.slice(1)).toFixed(0)} ms (n=${times.length - 1})`,
      goal: 'goal: <= 400 ms',
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
    await terminal.press('\r', 'all rows');
    const moves = await move(terminal, fleet === null);
    const memory = terminal.memory();
    const typed = fleet === null ? await typeSearches(terminal) : [];
    await terminal.close();
    const where = `${sessions.toLocaleString('en')} sessions${fleet === null ? '' : ', 200 hosts being probed'}`;
    const goal = `goal: p99 <= ${sessions > 10_000 ? 33 : 16} ms`;
    const rows = [
      { what: `${fleet === null ? 'key' : 'End and Home'} to frame, ${where}`, figures: spread(moves), goal },
    ];
    if (typed.length > 0) rows.push({ what: `search key to its results, ${where}`, figures: spread(typed), goal: '' });
    if (fleet === null)
      rows.push({
        what: `memory, ${where}`,
        figures: `${memory.toFixed(0)} MB resident`,
        goal: 'goal at 10,000: <= 200 MB',
      });
    return rows;
  });
}

/** Milliseconds of each of 400 moves: to the next row, or from end to end. */
async function move(terminal: Terminal, isNear: boolean): Promise<number[]> {
  const moves: number[] = [];
  for (let round = 0; round < WARM_UP + 400; round += 1) {
    const time = await terminal.press(isNear ? nearKey(round) : farKey(round), '❯');
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
          await terminal.press('\r', 'all rows');
          const moves = await move(terminal, false);
          const memory = terminal.memory();
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
