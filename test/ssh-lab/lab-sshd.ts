import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from '../fleet/errors.ts';
import type { Machine } from '../fleet/machine.ts';
import { findSockets } from './connections.ts';

/** One sshd that can be stopped, started, frozen and thawed alone. */
export type LabSshd = {
  /** Starts it where it was, with the same keys. */
  start(): Promise<void>;
  /** Kills it with its connections; its port is refused from then on. */
  stop(): Promise<void>;
  /** Freezes it with its connections: TCP still connects, nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** All that it has logged since its first start. */
  log(): Promise<string>;
  /** The log as soon as it holds that. Rejects with all of it when it does not in time (ms). */
  waitForLog(pattern: RegExp, timeout?: number): Promise<string>;
  /** TCP connections to it that are open now, logged in or not. */
  connections(): number;
};

export type LabSshdCommand = {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly address: string;
  readonly port: number;
  /** Number of a process in the network that it listens in. */
  readonly network: number;
  readonly logFile: string;
};

const START_TIMEOUT = 5000;
const PAUSE_BETWEEN_LOOKS = 5;

/** Prepares an sshd on a machine; `start` starts it. */
export function createLabSshd(machine: Machine, command: LabSshdCommand): LabSshd {
  const { program, parameters, address, port, network, logFile } = command;
  const sockets = () => findSockets(network, address, port);
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  let pid: number | undefined;

  async function signal(name: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    if (pid !== undefined) await machine.signal(pid, name);
  }

  async function startListening(running: number): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT;
    while (!sockets().listening) {
      const ended = !(await machine.isRunning(running));
      if (ended || Date.now() > deadline) {
        throw new FleetError(
          `sshd ${ended ? 'ended at its start' : 'does not listen'}:\n${(await log()).slice(-2000)}`,
        );
      }
      await sleep(PAUSE_BETWEEN_LOOKS);
    }
  }

  return {
    async start() {
      if (pid !== undefined) return;
      pid = await machine.start(program, parameters, { log: logFile });
      await startListening(pid);
    },
    async stop() {
      await signal('KILL');
      pid = undefined;
      while (sockets().listening) await sleep(PAUSE_BETWEEN_LOOKS);
    },
    pause: () => signal('STOP'),
    resume: () => signal('CONT'),
    log,
    async waitForLog(pattern, timeout = 10_000) {
      const deadline = Date.now() + timeout;
      for (let text = await log(); ; text = await log()) {
        if (pattern.test(text)) return text;
        if (Date.now() > deadline) throw new Error(`Nothing in the log matches ${pattern}:\n${text}`);
        await sleep(PAUSE_BETWEEN_LOOKS);
      }
    },
    connections: () => sockets().established,
  };
}
