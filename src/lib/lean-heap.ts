import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The parts of the runtime that are watched and changed. The seam that tests fake. */
export interface Runtime {
  /** Resident memory, bytes. */
  resident(): number;
  /** Size of the young generation, bytes. */
  young(): number;
  /** Share (0 to 1) of the time since the last call in which the event loop was busy. */
  busy(): number;
  setFlag(flag: string): void;
  /** Collects all garbage and gives free pages back to the system. Takes about 1 ms per MB of live heap. */
  collect(): void;
}

/**
 * V8's defaults suit servers: the young generation grows to 96 MB and the old one up to fourfold before a collection. Both flags can change while the
 * program runs. They would invalidate the compiled code that Node ships for its own modules, so they are set after the start.
 */
const LEAN_OLD = '--heap-growing-percent=50';
const [YOUNG_GROWS, YOUNG_STAYS] = ['--semi-space-growth-factor=2', '--semi-space-growth-factor=1'];
/**
 * Bytes up to which the young generation may grow. In less than one large frame takes, the frame's garbage reaches the old generation, whose collections then
 * delay a key every second.
 */
const YOUNG_BYTES = 16 * 2 ** 20;
const YOUNG_TICK_MS = 500;
const TICK_MS = 2000;
/** A pause of one frame goes unnoticed while the event loop is busy for less than this share of the time. */
const QUIET_SHARE = 0.05;
/**
 * Bytes above the level after the last collection that are worth a pause in a quiet moment, and in any. Less than 24 MB come back within seconds, since the
 * young generation takes its pages again: a program at rest would collect every ten seconds, for more time than its frames take.
 */
const [SPARE_BYTES, EXCESS_BYTES] = [24 * 2 ** 20, 64 * 2 ** 20];

/**
 * Keeps the heap small from now on, at a few percent of CPU time. V8 keeps the pages that a collection freed, so memory that a burst of work took
 * would never go back to the system by itself. Returns the way to stop.
 */
export function keepHeapLean(runtime: Runtime = systemRuntime()): () => void {
  runtime.setFlag(LEAN_OLD);
  let growth: string | null = null;
  const limitYoung = () => {
    const next = runtime.young() < YOUNG_BYTES ? YOUNG_GROWS : YOUNG_STAYS;
    if (next !== growth) runtime.setFlag(next);
    growth = next;
  };
  limitYoung();
  let level = 0;
  const timer = setInterval(() => {
    const grown = runtime.resident() - level;
    const isQuiet = runtime.busy() < QUIET_SHARE;
    if (grown < (isQuiet ? SPARE_BYTES : EXCESS_BYTES)) return;
    runtime.collect();
    level = runtime.resident();
  }, TICK_MS);
  const youngTimer = setInterval(limitYoung, YOUNG_TICK_MS);
  for (const each of [timer, youngTimer]) each.unref();
  return () => {
    for (const each of [timer, youngTimer]) clearInterval(each);
  };
}

function systemRuntime(): Runtime {
  let last = performance.eventLoopUtilization();
  let collect: ((options: object) => void) | undefined;
  return {
    resident: () => process.memoryUsage.rss(),
    young: () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0,
    busy: () => {
      const { utilization } = performance.eventLoopUtilization(last);
      last = performance.eventLoopUtilization();
      return utilization;
    },
    setFlag: setFlagsFromString,
    collect: () => {
      collect ??= exposedCollect();
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    },
  };
}

/** Returns V8's `gc`, which only a context made under the flag has. */
function exposedCollect(): (options: object) => void {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext('gc');
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
