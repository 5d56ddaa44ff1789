import type { HostKeyWarning } from '../../domain/connection.ts';
import type { Clock } from '../../lib/clock.ts';
import { readPublicKey } from './host-key-blob.ts';
import { describeKey } from './host-key-errors.ts';

/**
 * Remembers the keys that each host has shown in this run. A key that differs from the first deserves a warning even if known_hosts has both, and
 * even if the connection was closed over it: the next one may succeed silently.
 */
export class HostKeyWatch {
  readonly #clock: Clock;
  readonly #keys = new Map<string, Buffer[]>();
  readonly #warnings = new Map<string, HostKeyWarning>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Records a new connection.
   * @param place names the host, and the address that its keys belong to
   */
  connected(place: string, key: Buffer): void {
    const before = this.#keys.get(place) ?? [];
    if (before.some((one) => one.equals(key))) return;
    this.#keys.set(place, [...before, key]);
    const last = before.at(-1);
    if (last !== undefined) this.#warn(place, `its host key is now ${nameOf(key)}; it was ${nameOf(last)} before`);
  }

  /** Records a connection closed because the host showed another key than at its start. */
  changedMidway(place: string, key: Buffer, first: Buffer): void {
    this.#warn(place, `it showed ${nameOf(key)} in the middle of a connection that began with ${nameOf(first)}`);
  }

  /** Returns the last warning about a host; `null` if there is none. */
  warningOf(place: string): HostKeyWarning | null {
    return this.#warnings.get(place) ?? null;
  }

  #warn(place: string, text: string): void {
    this.#warnings.set(place, { text, at: this.#clock() });
  }
}

function nameOf(blob: Buffer): string {
  return describeKey({ type: readPublicKey(blob)?.type ?? 'a malformed key', blob });
}
