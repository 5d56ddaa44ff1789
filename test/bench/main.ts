import { startFleet } from '../fleet/fleet.ts';
import { benchEndurance } from './endurance-bench.ts';
import { benchFilter } from './filter-bench.ts';
import { benchLive, benchPolled } from './live-bench.ts';
import { benchColdProbe, benchWarmRefresh } from './probe-bench.ts';
import { printReport, type Row } from './report.ts';
import { benchFirstFrame, benchKeys, benchLyingHosts, benchManyAliases, benchWide } from './screen-bench.ts';
import { benchSearch } from './search-bench.ts';
import { killTerminals } from './terminal.ts';
import { benchCachedListing, benchTenTargets } from './verb-bench.ts';

/** `npm run bench`; words after `--` choose: warm, cold, frame, keys, wide, lying, live, probing, aliases, search, filter, endurance, verbs. */
const chosen = process.argv.slice(2);
const wanted = (name: string) => chosen.length === 0 || chosen.includes(name);

const rows: Row[] = [];
const add = (...more: Row[]) => {
  rows.push(...more);
  for (const { what, figures } of more) console.error(`${what}: ${figures}`);
};

/** Ends the programs that are being measured. What waits for them fails, which closes the rest on the way out. */
let interruption: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interruption = signal;
    void killTerminals();
  });
}

async function measure(bench: () => Promise<Row | Row[]>): Promise<void> {
  if (interruption !== undefined) throw new Error(`interrupted by ${interruption}`);
  add(...[await bench()].flat());
}

async function measureAll(): Promise<void> {
  if (wanted('search')) for (const sessions of [1000, 10_000, 50_000]) await measure(() => benchSearch(sessions));
  if (wanted('filter')) for (const hosts of [1, 200]) await measure(() => benchFilter(50_000, hosts));
  if (wanted('endurance')) await measure(benchEndurance);
  if (wanted('frame')) await measure(() => benchFirstFrame(200, 50));
  if (wanted('verbs')) {
    await measure(() => benchCachedListing(10, 50));
    await measure(() => benchCachedListing(200, 50));
    await measure(benchTenTargets);
  }
  if (wanted('keys')) for (const sessions of [1000, 10_000, 50_000]) await measure(() => benchKeys(sessions, null));
  if (wanted('wide')) await measure(() => benchWide(50_000));
  if (wanted('lying')) await measure(() => benchLyingHosts(10_000));
  if (wanted('live')) {
    await measure(benchLive);
    await measure(benchPolled);
  }
  if (['warm', 'cold', 'probing', 'aliases'].some(wanted)) await measureFleet();
}

async function measureFleet(): Promise<void> {
  const fleet = await startFleet({ hosts: ['big', 'homebin'], tell: (line) => console.error(line) });
  try {
    if (wanted('warm')) await measure(() => benchWarmRefresh(fleet));
    if (wanted('cold'))
      for (const [count, rounds] of [
        [10, 5],
        [50, 5],
        [200, 3],
      ] as const)
        await measure(() => benchColdProbe(fleet, count, rounds));
    if (wanted('probing')) for (const sessions of [10_000, 50_000]) await measure(() => benchKeys(sessions, fleet));
    if (wanted('aliases')) await measure(() => benchManyAliases(1000, fleet));
  } finally {
    await fleet.close();
  }
}

try {
  await measureAll();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await killTerminals();
}
if (rows.length > 0) printReport(rows);
