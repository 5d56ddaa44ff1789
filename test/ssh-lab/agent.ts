import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FleetError } from '../fleet/errors.ts';
import type { Machine } from '../fleet/machine.ts';
import { findProgram } from '../fleet/requirements.ts';
import type { Keyring } from './keyring.ts';

const run = promisify(execFile);

/** A real ssh-agent. */
export type LabAgent = {
  /** For SSH_AUTH_SOCK or IdentityAgent. */
  readonly socket: string;
  /** Adds a key by its name, with its certificate if it has one. */
  add(name: string): Promise<void>;
  /** Ends it; its socket stays behind, as that of an agent which died does. */
  close(): Promise<void>;
};

const PAUSE_BETWEEN_LOOKS = 5;

/**
 * Starts an agent without keys.
 * @param machine where it runs, so that it ends with the lab
 * @param name of its socket's file in that folder
 */
export async function startAgent(machine: Machine, folder: string, name: string, keyring: Keyring): Promise<LabAgent> {
  const program = findProgram('ssh-agent');
  if (program === undefined) throw new FleetError('There is no ssh-agent: apt-get install openssh-client');
  const socket = join(folder, name);
  const pid = await machine.start(program, ['-D', '-a', socket]);
  const environment = { ...process.env, SSH_AUTH_SOCK: socket };
  const askpass = join(folder, 'askpass');
  await writeFile(askpass, '#!/bin/sh\nprintf "%s\\n" "$LAB_PASSPHRASE"\n', { mode: 0o700 });
  await waitForAgent(environment);
  return {
    socket,
    async add(keyName) {
      const { path, passphrase } = keyring.get(keyName);
      const asking = { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', LAB_PASSPHRASE: passphrase };
      await run('ssh-add', ['-q', path], { env: { ...environment, ...asking } });
    },
    close: () => machine.signal(pid, 'KILL'),
  };
}

/** ssh-add -l ends with 1 when the agent has no keys, and with 2 when it does not answer. */
async function waitForAgent(environment: NodeJS.ProcessEnv): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    const answers = await run('ssh-add', ['-l'], { env: environment }).then(
      () => true,
      (error: { code?: unknown }) => error.code === 1,
    );
    if (answers) return;
    await sleep(PAUSE_BETWEEN_LOOKS);
  }
  throw new FleetError('ssh-agent does not answer.');
}
