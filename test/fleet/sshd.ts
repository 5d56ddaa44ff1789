import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from './errors.ts';
import type { Machine } from './machine.ts';
import { formatSshdConfig, type SshdPlan } from './sshd-config.ts';

/** One sshd that can be stopped, started, frozen and thawed alone. */
export type Sshd = {
  start(): Promise<void>;
  /** Kills it with its connections and what runs in them; daemons that left their connection live on. */
  stop(): Promise<void>;
  /** Freezes it with its connections: TCP still connects, nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
};

/** @param program absolute path of sshd, which it insists on */
export function createSshd(machine: Machine, program: string, plan: SshdPlan, configPath: string, log: string): Sshd {
  let pid: number | undefined;

  return {
    async start() {
      if (pid !== undefined) return;
      await writeFile(configPath, formatSshdConfig(plan), { mode: 0o600 });
      pid = await machine.start(program, ['-D', '-f', configPath, '-E', log]);
      await waitUntilListening(plan.address, plan.port, () => isRunning(), log);
    },
    async stop() {
      if (pid === undefined) return;
      await machine.signal(pid, 'KILL');
      pid = undefined;
    },
    pause: () => signal('STOP'),
    resume: () => signal('CONT'),
  };

  async function signal(name: 'STOP' | 'CONT'): Promise<void> {
    if (pid !== undefined) await machine.signal(pid, name);
  }

  async function isRunning(): Promise<boolean> {
    return pid !== undefined && (await machine.isRunning(pid));
  }
}

async function waitUntilListening(
  host: string,
  port: number,
  alive: () => Promise<boolean>,
  log: string,
): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if (await answers(host, port)) return;
    if (!(await alive())) throw new FleetError(`sshd ended at its start; see ${log}`);
    await sleep(10);
  }
  throw new FleetError(`sshd does not listen on ${host}:${port} after 5 s; see ${log}`);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
