import { quantile } from '../bench/report.ts';
import { slopePerMinute } from './analysis.ts';
import type { Moment, Run } from './soak.ts';

const MIB = 2 ** 20;
/** MiB a minute that the heap may grow by, measured after collections from the end of the warm-up on. */
const HEAP_SLOPE = 1;
/** Descriptors, children and timers that may be more at the end than at the start, both times at rest. */
const SLACK = 6;

interface Quantity {
  readonly name: string;
  readonly digits: number;
  of(moment: Moment): number;
  /** Its values after the warm-up. */
  readonly points: { readonly at: number; readonly value: number }[];
  /** Growth from rest to rest that is a failure. */
  readonly slack: number;
}

/** Prints what was measured and each expectation that was not met; gives whether there was none. */
export function printReport(run: Run): boolean {
  const quantities = measure(run);
  const { before, after } = run.settled;
  const show = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));
  const rows = quantities.map(({ name, digits, of, points }) => [
    name,
    show(before === null ? undefined : of(before), digits),
    show(points[0]?.value, digits),
    show(Math.max(...points.map(({ value }) => value)), digits),
    show(after === null ? undefined : of(after), digits),
    `${slopePerMinute(points).toFixed(2)}/min`,
  ]);
  printTable([['', 'at rest before', 'warm-up ends', 'most', 'at rest after', 'slope'], ...rows]);
  printFindings(run);
  const failures = [...judge(run, quantities)];
  for (const failure of failures) console.log(`violated: ${failure}`);
  console.log(`soak: ${failures.length === 0 ? 'passed' : 'FAILED'}`);
  return failures.length === 0;
}

function measure({ inside, outside, warm }: Run): Quantity[] {
  const seen = outside.filter(({ at }) => at >= warm);
  const said = inside.filter(({ at }) => at >= warm);
  const heaps = said.flatMap(({ at, heap }) => (heap === null ? [] : [{ at, value: heap / MIB }]));
  const timers = (moment: Moment['inside']) => moment.resources.Timeout ?? 0;
  const handles = (moment: Moment['inside']) =>
    Object.values(moment.resources).reduce((sum, count) => sum + count, 0) - timers(moment);
  return [
    {
      ...{ name: 'descriptors', digits: 0, slack: SLACK, of: ({ outside: { descriptors } }) => descriptors },
      points: seen.map(({ at, descriptors }) => ({ at, value: descriptors })),
    },
    {
      ...{ name: 'children', digits: 0, slack: SLACK, of: ({ outside: { children } }) => children.length },
      points: seen.map(({ at, children }) => ({ at, value: children.length })),
    },
    {
      ...{ name: 'timers', digits: 0, slack: Number.POSITIVE_INFINITY, of: (moment) => timers(moment.inside) },
      points: said.map((sample) => ({ at: sample.at, value: timers(sample) })),
    },
    {
      ...{ name: 'handles', digits: 0, slack: SLACK, of: (moment) => handles(moment.inside) },
      points: said.map((sample) => ({ at: sample.at, value: handles(sample) })),
    },
    {
      ...{ name: 'heap, MiB', digits: 1, slack: Number.POSITIVE_INFINITY },
      of: (moment) => (moment.inside.heap ?? Number.NaN) / MIB,
      points: heaps,
    },
    {
      ...{ name: 'RSS, MiB', digits: 0, slack: Number.POSITIVE_INFINITY, of: ({ outside: { rss } }) => rss / MIB },
      points: seen.map(({ at, rss }) => ({ at, value: rss / MIB })),
    },
  ];
}

function printFindings({ findings, outages, probes, inside, left }: Run): void {
  const last = inside.at(-1);
  const seconds = (times: readonly number[]) => {
    const at = (share: number) => (quantile(times, share) / 1000).toFixed(1);
    return times.length === 0 ? 'none' : `p50 ${at(0.5)} s, p90 ${at(0.9)} s, max ${at(1)} s (n=${times.length})`;
  };
  const lines = [
    `outages            ${outages.length}; probes ${probes}`,
    `recovery           ${seconds(findings.recoveries)}; cut short by the next outage: ${findings.cutShort}`,
    `slowest            ${findings.slowest.join(', ')}`,
    `unnoticed outages  ${seconds(findings.unnoticed)} to the next answer`,
    `asked every        ${seconds(findings.gaps)} where nothing was out`,
    `shown as failed    ${(findings.wrongShare * 100).toFixed(2)} % of the time in which a way was up`,
    `false alarms       ${findings.falseAlarms.length}; missed recoveries ${findings.missed.length}; overlaps ${last?.overlaps}; wakes ${last?.wakes}; versions unknown ${last?.unversioned}`,
    `most at a time     ${last?.mostHandshakes} ssh2 handshakes, ${last?.mostProbing} probes`,
    `closing            ${left.closed?.milliseconds.toFixed(0)} ms, then the process ended within ${left.exit?.toFixed(0)} ms`,
    `left behind        ${left.descriptors.length} descriptors, ${left.children.length} children, ${left.files.length} files; ${JSON.stringify(left.closed?.sample.resources)}`,
  ];
  console.log(`\n${lines.join('\n')}\n`);
}

function* judge({ settled, findings, inside, left, log }: Run, quantities: readonly Quantity[]): Generator<string> {
  const { before, after } = settled;
  if (before === null) yield 'not every host that is up answered at the start';
  if (after === null) yield `not every host that is up was online again at the end (${log})`;
  for (const { name, of, slack } of quantities) {
    if (before === null || after === null) continue;
    const growth = of(after) - of(before);
    if (growth > slack) yield `${name} grew by ${growth} from rest to rest; ${slack} are allowed`;
  }
  const slope = slopePerMinute(quantities.find(({ name }) => name.startsWith('heap'))?.points ?? []);
  if (slope > HEAP_SLOPE) yield `the heap grew by ${slope.toFixed(2)} MiB a minute; ${HEAP_SLOPE} is allowed`;
  const overlaps = inside.at(-1)?.overlaps ?? 0;
  if (overlaps > 0) yield `${overlaps} probes began while one of the same alias was running`;
  for (const missed of findings.missed) yield `missed recovery: ${missed}`;
  for (const alarm of findings.falseAlarms) yield `failed while its way was up: ${alarm}`;
  if (left.closed === null) yield 'closing did not come to an end';
  if (left.closed !== null && left.closed.unfinished > 0) yield `${left.closed.unfinished} probes outlived the closing`;
  for (const name of left.descriptors) if (!name.startsWith('anon_inode')) yield `left open: ${name}`;
  for (const child of left.children) yield `left running: ${child}`;
  for (const file of left.files) yield `left in its TMPDIR: ${file}`;
  if (left.exit === null) yield 'the process did not end by itself within 5 s';
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  console.log('');
  for (const [name = '', ...cells] of rows) {
    const padded = cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0));
    console.log(`${name.padEnd(widths[0] ?? 0)}  ${padded.join('  ')}`);
  }
}
