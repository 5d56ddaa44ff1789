import { runSearches } from '../../src/store/search-runner.ts';
import { createMadeUpStore } from './made-up-store.ts';
import { median, quantile, type Row } from './report.ts';

const ROUNDS = 5;
const QUERIES = [
  'state:idle,cold',
  'state:waiting',
  'age:<2h cost:>1',
  'title:login !flaky',
  '"login timeout"',
  'project:*/project-3 model:some-* cach',
  'has:changes,subagents is:polled',
  '!archived host:host-0* lgoin',
  'state:error host:nowhere-* login',
];
/**
 * How long filters take, and how long they hold the thread at a time. The first round is left out: it compiles, and makes the trees of the hosts,
 * which the screen has anyway.
 */
export async function benchFilter(sessions: number, hosts: number): Promise<Row> {
  const store = createMadeUpStore(sessions, hosts);
  const stop = runSearches(store);
  const totals: number[] = [];
  let slices: Slice[] = [];
  const restore = timeImmediates((slice) => slices.push(slice));
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round === 1) slices = [];
    for (const query of QUERIES) {
      const from = performance.now();
      store.setState({ query: '', finds: null });
      store.setState({ query });
      while (store.getState().finds === null) await new Promise((resolve) => setTimeout(resolve));
      if (round > 0) totals.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  restore();
  stop();
  const slowest = (of: (slice: Slice) => number) => quantile(slices.map(of), 0.99).toFixed(1);
  return {
    what: `filter, ${sessions.toLocaleString('en')} sessions on ${hosts === 1 ? '1 host' : `${hosts} hosts`}`,
    figures: `done p50 ${median(totals).toFixed(1)} ms, p99 ${quantile(totals, 0.99).toFixed(1)} ms; slices p99 ${slowest(({ cpu }) => cpu)} ms of CPU, ${slowest(({ wall }) => wall)} ms by the clock (n=${slices.length})`,
    goal: 'goal: slices p99 <= 5 ms of CPU',
  };
}

/** Milliseconds that a slice took: of this thread's processor time, which other programs do not prolong, and by the clock. */
interface Slice {
  readonly cpu: number;
  readonly wall: number;
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Measures every callback of `setImmediate`, which runs the slices of a search. Returns a function that ends this. */
function timeImmediates(report: (slice: Slice) => void): () => void {
  const original = globalThis.setImmediate;
  const timed = (callback: () => void) =>
    original(() => {
      const [cpu, wall] = [cpuTime(), performance.now()];
      callback();
      report({ cpu: cpuTime() - cpu, wall: performance.now() - wall });
    });
  globalThis.setImmediate = Object.assign(timed, { __promisify__: original.__promisify__ });
  return () => {
    globalThis.setImmediate = original;
  };
}
