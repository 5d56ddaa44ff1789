import { startFleet } from '../fleet/fleet.ts';
import { benchLive, benchPolled } from './live-bench.ts';
import { benchColdProbe, benchWarmRefresh } from './probe-bench.ts';
import { printReport, type Row } from './report.ts';
import { benchFirstFrame, benchKeys, benchLyingHosts } from './screen-bench.ts';
import { benchSearch } from './search-bench.ts';

/** `npm run bench`; words after `--` choose: warm, cold, frame, keys, lying, live, probing, search. */
const chosen = process.argv.slice(2);
const wanted = (name: string) => chosen.length === 0 || chosen.includes(name);

const rows: Row[] = [];
const add = (...more: Row[]) => {
  rows.push(...more);
  for (const { what, figures } of more) console.error(`${what}: ${figures}`);
};

if (wanted('search')) for (const sessions of [1000, 10_000, 50_000]) add(await benchSearch(sessions));
if (wanted('frame')) add(await benchFirstFrame(200, 50));
if (wanted('keys')) for (const sessions of [1000, 10_000, 50_000]) add(...(await benchKeys(sessions, null)));
if (wanted('lying')) add(...(await benchLyingHosts(10_000)));
if (wanted('live')) add(await benchLive(), await benchPolled());
if (wanted('warm') || wanted('cold') || wanted('probing')) {
  const fleet = await startFleet({ hosts: ['big', 'homebin'], tell: (line) => console.error(line) });
  try {
    if (wanted('warm')) add(...(await benchWarmRefresh(fleet)));
    if (wanted('cold'))
      for (const [count, rounds] of [
        [10, 5],
        [50, 5],
        [200, 3],
      ] as const)
        add(await benchColdProbe(fleet, count, rounds));
    if (wanted('probing')) for (const sessions of [10_000, 50_000]) add(...(await benchKeys(sessions, fleet)));
  } finally {
    await fleet.close();
  }
}
printReport(rows);
