import { setUp } from '../../src/commands/options.ts';
import { hostStatus } from '../../src/domain/fleet.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { systemWakeSources, watchForWake } from '../../src/refresh/wake-watch.ts';
import { Instruments } from './instruments.ts';
import { type Inside, order, type Report } from './messages.ts';

/**
 * The program under test, in a process of its own so that all which that process holds is the program's: everything that the dashboard starts but the
 * screen. Arguments: configuration, ssh config, log file. It does what it is told over the channel, and ends by itself once that is closed.
 */
const [config = '', sshConfig = '', logFile = ''] = process.argv.slice(2);
const SAMPLE = 1000;
/** A collection stops the program for a moment, so not every sample has one. */
const SAMPLES_A_COLLECTION = 10;

const instruments = new Instruments();
instruments.watchProbes();
instruments.watchHandshakes();

const send = (report: Report) => process.send?.(report);

async function start(): Promise<() => Promise<void>> {
  const setup = await setUp({ config, sshConfig, cache: true, logFile, logLevel: 'info' });
  const opened = await openFleet(setup, Number.POSITIVE_INFINITY);
  const engine = new Engine(opened, setup);
  let wakes = 0;
  const stopWatching = watchForWake((why) => {
    wakes += 1;
    setup.logger.info('asking every host again', { why });
    engine.refreshAll();
  }, systemWakeSources(systemClock));
  const { fleet } = opened;
  const sample = (collect: boolean): Inside => {
    if (collect) global.gc?.();
    const entries = [...fleet.getState().entries.values()];
    const resources: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    const { overlaps, probing, mostProbing, handshakes, mostHandshakes } = instruments;
    return {
      ...{ at: Date.now(), resources, overlaps, probing, mostProbing, handshakes, mostHandshakes, wakes },
      heap: collect ? process.memoryUsage().heapUsed : null,
      refreshing: entries.filter(({ refreshing }) => refreshing).length,
      online: entries.filter((entry) => hostStatus(entry) === 'online').length,
      failed: entries.filter(({ failure }) => failure !== null).length,
      unversioned: entries.filter(({ snapshot }) => snapshot?.opencode.version === null).length,
    };
  };
  let samples = 0;
  const timer = setInterval(() => {
    samples += 1;
    send({
      kind: 'sample',
      sample: sample(samples % SAMPLES_A_COLLECTION === 0),
      probes: instruments.takeProbes(),
    });
  }, SAMPLE);
  engine.start();
  return async () => {
    clearInterval(timer);
    const from = performance.now();
    stopWatching();
    await engine.close();
    setup.closeLog();
    const milliseconds = performance.now() - from;
    await new Promise((resolve) => setTimeout(resolve, SAMPLE));
    send({ kind: 'closed', sample: sample(true), unfinished: instruments.probing, milliseconds });
  };
}

let close = async () => {};
process.on('message', async (message) => {
  switch (order.parse(message)) {
    case 'start':
      close = await start();
      return;
    case 'close':
      return close();
    case 'leave':
      process.disconnect();
  }
});
// The process that started it has gone.
process.on('disconnect', () => setTimeout(() => process.exit(3), 30_000).unref());
send({ kind: 'loaded' });
