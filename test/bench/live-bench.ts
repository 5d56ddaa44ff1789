import { setTimeout as sleep } from 'node:timers/promises';
import { startDeafServer } from '../support/deaf-server.ts';
import { writeConfiguration } from '../support/fleet-program.ts';
import { LiveFleet } from '../support/live-fleet.ts';
import { median, quantile, type Row } from './report.ts';
import { Terminal } from './terminal.ts';

const ROUNDS = 24;
/** Seconds between two polls. */
const INTERVAL = 5;

/** From the arrival of permission.asked at a stream of our own, straight from the server, to the bytes of its line on the terminal, by events. */
export async function benchLive(): Promise<Row> {
  const live = await LiveFleet.start();
  try {
    return row('live', await measure(live, 'interval: 1h', 'live'), 'goal: median < 500 ms');
  } finally {
    await live.close();
  }
}

/** The same where the stream of events is refused. */
export async function benchPolled(): Promise<Row> {
  const live = await LiveFleet.start({ hidden: true });
  try {
    const { fleet, server } = live;
    await startDeafServer(fleet.host('alpha').machine!, fleet.directory, server.port);
    const times = await measure(live, `interval: ${INTERVAL}s`, 'polled');
    return row(`polled every ${INTERVAL} s`, times, `goal: < ${INTERVAL * 1000} ms`);
  } finally {
    await live.close();
  }
}

function row(way: string, times: readonly number[], goal: string): Row {
  const figures = `median ${median(times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms, max ${Math.max(...times).toFixed(0)} ms (n=${times.length})`;
  return { what: `permission asked, to the screen, ${way}`, figures, goal };
}

async function measure(live: LiveFleet, polling: string, way: 'live' | 'polled'): Promise<number[]> {
  const { fleet } = live;
  const yaml = `hosts: {local: false, include: [alpha]}\npolling: {${polling}, timeout: 60s}\n`;
  const config = await writeConfiguration(fleet, 'bench', yaml);
  const terminal = new Terminal({ home: fleet.operatorHome, sshConfig: fleet.sshConfig, config });
  try {
    // The row of a host whose server was found.
    await terminal.waitFor(way);
    await terminal.press('t', 'Nothing needs you');
    const times: number[] = [];
    // The first one has the server read its project in.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const title = `Round-${round}-of-many`;
      const from = performance.now();
      const shown = terminal.waitFor(title).then((after) => from + after);
      const session = await live.begin(title, 'ask permission for it');
      const { at } = await live.watch.find('permission.asked', { sessionID: session.id });
      const time = (await shown) - at;
      if (round > 0) times.push(time);
      await live.remove(session);
      // Polls are not to keep step with the rounds.
      await sleep(Math.random() * (way === 'live' ? 200 : INTERVAL * 1000));
    }
    return times;
  } finally {
    await terminal.close();
  }
}
