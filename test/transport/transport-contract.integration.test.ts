import { afterAll, beforeAll } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { connectOpenssh } from '../../src/transport/openssh/openssh-connect.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';
import { describeTransport } from './transport-contract.ts';

let lab: Lab;
beforeAll(async () => {
  // A shell that is no login shell reads .bashrc all the same when sshd starts it.
  lab = await startLab({ web: { home: { '.bashrc': 'echo noise', '.profile': 'echo noise' } } });
});
afterAll(() => lab?.close());

function openOpenssh(controlMaster: 'auto' | 'no'): Promise<Transport> {
  return connectOpenssh(
    { alias: 'web', user: null, port: null, options: null, reason: 'a test', existingMaster: null, via: null },
    { signal: new AbortController().signal, timeout: 20_000, interaction: null },
    { controlMaster, controlPersist: '10', controlPath: null, configFile: lab.sshConfig },
  );
}

async function openSsh2(): Promise<Transport> {
  const resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  const { signal } = new AbortController();
  const route = await resolver.resolve('web', signal);
  const pool = createRealPool({ choice: 'ssh2' });
  const host = aHost({ alias: 'web', route });
  return pool.get(host, { signal, timeout: 20_000, interaction: null });
}

describeTransport('local', { open: async () => new LocalTransport(), ptyWithoutTerminal: true });
describeTransport('ssh2', { open: openSsh2, ptyWithoutTerminal: false });
describeTransport('openssh over a master', { open: () => openOpenssh('auto'), ptyWithoutTerminal: true });
describeTransport('openssh without a master', { open: () => openOpenssh('no'), ptyWithoutTerminal: true });
