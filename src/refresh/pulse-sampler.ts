import type { FleetStore } from '../fleet/fleet-store.ts';
import { type PulseSample, samplePulse } from '../fleet/pulse/pulse-sample.ts';
import { mergeSeries, NO_SERIES, type PulseSeries, SAMPLE_MS, withSample } from '../fleet/pulse/pulse-series.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { Notices } from '../lib/notices.ts';
import { appendSample, loadPulse, rewritePulse } from './pulse-file.ts';

export interface PulseParts {
  readonly fleet: Pick<FleetStore, 'getState'>;
  /** The file for the samples; `null` keeps them in memory only. */
  readonly path: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly notices: Notices;
}

export type PulseListener = (series: PulseSeries) => void;

/** Samples after which the file is rewritten without those that are too old. */
const REWRITE_AFTER = 60;

/** Samples the fleet once a minute, and keeps the series in memory and in a file. */
export class PulseSampler {
  readonly #parts: PulseParts;
  readonly #listeners = new Set<PulseListener>();
  #series: PulseSeries = NO_SERIES;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #mayWrite = false;
  #appended = 0;
  #closed = false;

  constructor(parts: PulseParts) {
    this.#parts = parts;
  }

  /** Loads earlier samples, and takes the first one a minute from now. Never rejects. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    const { path, clock, logger, notices } = this.#parts;
    if (path === null) return;
    const { series, warning, mayWrite } = await loadPulse(path, clock());
    if (warning !== null) {
      logger.warn('pulse not read', { path, reason: warning });
      notices.add(path, warning);
    }
    this.#mayWrite = mayWrite;
    const { fleet, hosts } = this.#series;
    this.#change(mergeSeries({ fleet: [...series.fleet, ...fleet], hosts: [...series.hosts, ...hosts] }, clock()));
  }

  getSeries(): PulseSeries {
    return this.#series;
  }

  /** Calls the listener after each change of the series. Returns a function that stops this. */
  subscribe(listener: PulseListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops sampling. Resolves when the samples are on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listeners.clear();
    await this.#writing;
  }

  #sample(): void {
    const sample = samplePulse(this.#parts.fleet.getState(), this.#parts.clock());
    this.#change(withSample(this.#series, sample));
    this.#write(sample);
  }

  #change(series: PulseSeries): void {
    if (this.#closed) return;
    this.#series = series;
    for (const listener of this.#listeners) listener(series);
  }

  #write(sample: PulseSample): void {
    const { path, logger, notices } = this.#parts;
    if (path === null || !this.#mayWrite) return;
    this.#appended += 1;
    const isDue = this.#appended % REWRITE_AFTER === 0;
    this.#writing = this.#writing
      .then(() => (isDue ? this.#rewrite(path) : appendSample(path, sample)))
      .catch((error: unknown) => {
        logger.error('pulse not written', { path, reason: messageOf(error) });
        notices.add(`${path} written`, `${path}: cannot save the figures of Pulse: ${messageOf(error)}`);
      });
  }

  /** Other programs may have appended samples of times when this one was suspended. */
  async #rewrite(path: string): Promise<void> {
    const now = this.#parts.clock();
    const { series, mayWrite } = await loadPulse(path, now);
    if (!mayWrite) return;
    const { fleet, hosts } = this.#series;
    await rewritePulse(
      path,
      mergeSeries({ fleet: [...series.fleet, ...fleet], hosts: [...series.hosts, ...hosts] }, now),
    );
  }
}
