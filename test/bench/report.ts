import { availableParallelism, cpus } from 'node:os';

/** A line of the report: what was measured, its figures, what they are held against. */
export interface Row {
  readonly what: string;
  readonly figures: string;
  readonly goal: string;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that share of the values lies (nearest rank); NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}

/** `p50 1.2 ms, p99 3.4 ms (n=200)`. */
export function spread(milliseconds: readonly number[]): string {
  const [half, most] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)];
  return `p50 ${half.toFixed(1)} ms, p99 ${most.toFixed(1)} ms (n=${milliseconds.length})`;
}

export function printReport(rows: readonly Row[]): void {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  console.log(`\nNode ${process.versions.node}, ${availableParallelism()} cores, ${cpu}\n`);
  const width = (key: keyof Row) => Math.max(...rows.map((row) => row[key].length));
  for (const row of rows) {
    console.log(`${row.what.padEnd(width('what'))}  ${row.figures.padEnd(width('figures'))}  ${row.goal}`);
  }
}
