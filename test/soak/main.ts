import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/lib/duration.ts';
import { printReport } from './report.ts';
import { soak } from './soak.ts';

/**
 * `npm run soak -- [--minutes 10] [--aliases 200] [--interval 5s] [--timeout 10s] [--seed N]`: many hosts for a long time, some of which are always being
 * stopped or frozen. Ends with status 1 when anything leaks, overlaps or does not come back.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    aliases: { type: 'string', default: '200' },
    interval: { type: 'string', default: '5s' },
    timeout: { type: 'string', default: '10s' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
});
const [minutes, aliases, seed] = [values.minutes, values.aliases, values.seed].map(Number) as [number, number, number];
const timeout = parseDuration(values.timeout);
if (!(minutes > 0 && aliases > 0 && Number.isInteger(seed) && timeout !== null)) {
  console.error('soak: --minutes, --aliases and --seed are numbers, --interval and --timeout durations such as 5s');
  process.exit(2);
}
console.log(`soak: ${aliases} aliases, ${minutes} minutes, every ${values.interval}, --seed ${seed}`);
const run = await soak({ minutes, aliases, seed, interval: values.interval, timeoutText: values.timeout, timeout });
process.exitCode = printReport(run) ? 0 : 1;
