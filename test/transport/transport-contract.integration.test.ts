import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { connectOpenssh } from '../../src/transport/openssh/openssh-connect.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { PATIENCE } from './contract-support.ts';
import { describeTransport } from './transport-contract.ts';

let lab: Lab;
beforeAll(async () => {
  // A shell that is not a login shell still reads .bashrc when sshd starts it.
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

describeTransport('local', { open: async () => new LocalTransport() });
describeTransport('ssh2', { open: openSsh2 });
describeTransport('openssh over a master', { open: () => openOpenssh('auto') });
describeTransport('openssh without a master', { open: () => openOpenssh('no') });

it.each([
  ['ssh2', openSsh2],
  ['openssh over a master', () => openOpenssh('auto')],
  ['openssh without a master', () => openOpenssh('no')],
])('%s says of a program on a terminal that its connection was lost', async (_name, open) => {
  const transport = await open();
  const request = { columns: 80, rows: 24, term: 'dumb' };
  const program = await transport.pty('echo started; sleep 100', request, new AbortController().signal);
  let printed = '';
  program.onData((chunk) => {
    printed += chunk.toString('utf8');
  });
  await vi.waitFor(() => expect(printed).toContain('started'), PATIENCE);
  await lab.host('web').stop();
  try {
    await expect(program.exit).rejects.toMatchObject({ name: 'TransportError', kind: 'closed' });
  } finally {
    await lab.host('web').start();
    transport.close();
  }
});

it.each([
  ['ssh2', openSsh2],
  ['openssh over a master', () => openOpenssh('auto')],
  ['openssh without a master', () => openOpenssh('no')],
])('%s takes no command for ended whose connection was lost', async (_name, open) => {
  const transport = await open();
  const { signal } = new AbortController();
  const mark = join(await makeTempDir(), 'started');
  const ran = transport.exec(`echo > ${mark}; sleep 100`, { signal, idleTimeout: 60_000, maxBytes: 1000 });
  const failed = expect(ran).rejects.toMatchObject({ name: 'TransportError', kind: 'closed' });
  await vi.waitFor(() => access(mark), PATIENCE);
  await lab.host('web').stop();
  try {
    await failed;
  } finally {
    await lab.host('web').start();
    transport.close();
  }
});
