import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprintOf } from '../../../src/transport/host-keys/host-key-blob.ts';
import { HostKeyWatch } from '../../../src/transport/host-keys/host-key-watch.ts';
import { sshOptions } from '../../support/builders.ts';
import { createRealPool } from '../../support/real-pool.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const [A, B] = [1, 2].map(() => {
  const { private: key } = ssh2.utils.generateKeyPairSync('ed25519');
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return { key, parsed, blob: parsed.getPublicSSH(), name: `ssh-ed25519 ${fingerprintOf(parsed.getPublicSSH())}` };
}) as [Key, Key];
interface Key {
  readonly key: string;
  readonly parsed: ssh2.ParsedKey;
  readonly blob: Buffer;
  readonly name: string;
}

/** A server that lets everybody in and shows key A; known_hosts trusts both. */
async function startServer() {
  const connections: Connection[] = [];
  const shown = { key: A };
  const server = new ssh2.Server({ hostKeys: [A.key] }, (connection) => {
    connections.push(connection);
    hostKeysOf(connection)['ssh-ed25519'] = shown.key.parsed;
    connection.on('authentication', (context) => context.accept());
    connection.on('error', () => {});
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(await makeTempDir(), 'known_hosts');
  const line = ({ blob }: Key) => `[127.0.0.1]:${port} ssh-ed25519 ${blob.toString('base64')}\n`;
  await writeFile(knownHosts, line(A) + line(B));
  const pool = createRealPool({ environment: {}, choice: 'ssh2' });
  onTestFinished(() => pool.close());
  const algorithms = {
    ...{ ciphers: ['aes128-ctr'], macs: ['hmac-sha2-256'], kex: ['curve25519-sha256'] },
    ...{ hostKeys: ['ssh-ed25519'], publicKeys: ['ssh-ed25519'] },
  };
  const options = {
    algorithms,
    hostname: '127.0.0.1',
    port,
    userKnownHostsFiles: [knownHosts],
    globalKnownHostsFiles: [],
  };
  const route = { kind: 'ssh', options: sshOptions({ ...options, hostKeyPolicy: 'yes' }) } as const;
  const limits = { signal: new AbortController().signal, timeout: 10_000, interaction: null };
  const connect = () => pool.get({ alias: 'web1', route }, limits);
  return { connections, shown, pool, connect };
}

/** The server's key for signing key exchanges; ssh2 has no public access to it. */
function hostKeysOf(connection: Connection): Record<string, ssh2.ParsedKey> {
  return Reflect.get(Reflect.get(connection, '_protocol'), '_hostKeys');
}

describe('a host that shows another key than before', () => {
  it('in the middle of a connection is left, and the next connection says so', async () => {
    const { connections, connect } = await startServer();
    const first = await connect();
    expect(first.connection.warning).toBeNull();
    const [connection] = connections;
    hostKeysOf(connection!)['ssh-ed25519'] = B.parsed;
    connection?.rekey();
    await expect.poll(() => first.closed).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      expect((await connect()).connection.warning).toEqual({
        text: `it showed ${B.name} in the middle of a connection that began with ${A.name}`,
        at: expect.any(Number),
      });
    }
    expect(connections).toHaveLength(2);
  });

  it('on a new connection gives a warning, even if both are on record', async () => {
    const { shown, pool, connect } = await startServer();
    await connect();
    shown.key = B;
    pool.drop('web1');
    expect((await connect()).connection.warning?.text).toBe(`its host key is now ${B.name}; it was ${A.name} before`);
  });

  it('stays the same through a key exchange of its own key, without a word', async () => {
    const { connections, pool, connect } = await startServer();
    const first = await connect();
    await new Promise<void>((resolve) => connections[0]?.rekey(() => resolve()));
    expect(first.closed).toBe(false);
    pool.drop('web1');
    expect((await connect()).connection.warning).toBeNull();
  });

  it('is warned of once for each new key, apart from other hosts and addresses', () => {
    let now = 1;
    const watch = new HostKeyWatch(() => now);
    watch.connected('web1 a 22', A.blob);
    watch.connected('web2 a 22', B.blob);
    watch.connected('web1 b 22', B.blob);
    expect([watch.warningOf('web1 a 22'), watch.warningOf('web1 b 22'), watch.warningOf('web2 a 22')]).toEqual([
      null,
      null,
      null,
    ]);
    watch.connected('web1 a 22', B.blob);
    now = 2;
    watch.connected('web1 a 22', A.blob);
    expect(watch.warningOf('web1 a 22')?.at).toBe(1);
  });
});
