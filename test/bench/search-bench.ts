import Fuse from 'fuse.js';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { runSearches } from '../../src/store/search-runner.ts';
import { createMadeUpStore } from './made-up-store.ts';
import { median, quantile, type Row } from './report.ts';

const HOSTS = 200;
const QUERIES = ['l', 'lo', 'log', 'logi', 'login', 'lgoin', 'timeuot', 'host-017', 'project-3 cache', 'zzzz'];
/** How long one search takes, and how long it holds the thread at a time; beside it what fuse.js takes in one go. */
export async function benchSearch(sessions: number): Promise<Row> {
  const store = createMadeUpStore(sessions, HOSTS);
  const stop = runSearches(store);
  const [totals, holds] = [[] as number[], [] as number[]];
  for (let round = 0; round < 5; round += 1) {
    for (const query of QUERIES) {
      const from = performance.now();
      store.setState({ query: '', finds: null });
      store.setState({ query });
      let last = performance.now();
      while (store.getState().finds === null) {
        await new Promise((resolve) => setImmediate(resolve));
        if (round > 0) holds.push(performance.now() - last);
        last = performance.now();
      }
      if (round > 0) totals.push(performance.now() - from);
    }
  }
  stop();
  const fuse = fuseTimes([...store.getState().entries.values()]);
  return {
    what: `search keystroke, ${sessions.toLocaleString('en')} sessions`,
    figures: `done p50 ${median(totals).toFixed(1)} ms, p99 ${quantile(totals, 0.99).toFixed(1)} ms; holds the thread at most ${Math.max(...holds).toFixed(1)} ms; fuse.js p50 ${median(fuse).toFixed(0)} ms`,
    goal: 'goal: holds <= 16 ms',
  };
}

function fuseTimes(entries: readonly HostEntry[]): number[] {
  const items = entries.flatMap(({ host, snapshot }) =>
    (snapshot?.sessions ?? []).map((session) => ({ ...session, host: host.alias })),
  );
  const fuse = new Fuse(items, { keys: ['title', 'id', 'directory', 'host'], threshold: 0.3, ignoreLocation: true });
  return QUERIES.slice(3, 8).map((query) => {
    const from = performance.now();
    fuse.search(query);
    return performance.now() - from;
  });
}
