import ssh2, { type ConnectConfig } from 'ssh2';
import { probeFailureOf } from '../../src/probe/probe-error.ts';
import { Prober } from '../../src/probe/prober.ts';
import type { Probed } from './messages.ts';

/** Counters read while the program runs. */
export class Instruments {
  overlaps = 0;
  probing = 0;
  mostProbing = 0;
  handshakes = 0;
  mostHandshakes = 0;
  #probes: Probed[] = [];

  /** Gives what was not taken yet. */
  takeProbes(): Probed[] {
    const taken = this.#probes;
    this.#probes = [];
    return taken;
  }

  /** Counts the probes of all probers from now on, and notes how they end. */
  watchProbes(): void {
    const running = new Set<string>();
    const original = Prober.prototype.probe;
    const instruments = this;
    Prober.prototype.probe = async function (this: Prober, host, previous, limits) {
      const { alias } = host;
      const began = Date.now();
      if (running.has(alias)) instruments.overlaps += 1;
      running.add(alias);
      instruments.probing += 1;
      instruments.mostProbing = Math.max(instruments.mostProbing, instruments.probing);
      const note = (status: string, reason: string) =>
        instruments.#probes.push({ alias, began, ended: Date.now(), status, reason });
      try {
        const snapshot = await original.call(this, host, previous, limits);
        note('online', '');
        return snapshot;
      } catch (error) {
        const { status, reason } = probeFailureOf(error, 0);
        note(status, reason);
        throw error;
      } finally {
        running.delete(alias);
        instruments.probing -= 1;
      }
    };
  }

  /** Counts the connections of ssh2 that are between their first word and the end of their authentication. */
  watchHandshakes(): void {
    const { connect, destroy } = ssh2.Client.prototype;
    const open = new WeakMap<ssh2.Client, () => void>();
    const instruments = this;
    ssh2.Client.prototype.connect = function (this: ssh2.Client, config: ConnectConfig) {
      instruments.handshakes += 1;
      instruments.mostHandshakes = Math.max(instruments.mostHandshakes, instruments.handshakes);
      let over = false;
      const end = () => {
        if (!over) instruments.handshakes -= 1;
        over = true;
      };
      open.set(this, end);
      this.once('ready', end).once('close', end);
      return connect.call(this, config);
    };
    ssh2.Client.prototype.destroy = function (this: ssh2.Client) {
      open.get(this)?.();
      return destroy.call(this);
    };
  }
}
