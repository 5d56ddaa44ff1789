import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyAuthMethod } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { authenticationFailure, createAuthHandler, loadCredentials } from '../../src/transport/authentication.ts';
import { sshOptions } from '../support/builders.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

function makeKey(path: string, passphrase: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path]);
  return path;
}

describe('credentials', () => {
  it.skipIf(!isInstalled('ssh-keygen'))('are the keys that can be read, and notes on those that cannot', async () => {
    const folder = await makeTempDir();
    const good = makeKey(join(folder, 'good'), '');
    const locked = makeKey(join(folder, 'locked'), 'secret');
    const broken = join(folder, 'broken');
    await writeFile(broken, 'not a key');
    await mkdir(join(folder, 'folder'));
    const identityFiles = [join(folder, 'missing'), good, locked, broken, join(folder, 'folder')];
    const credentials = await loadCredentials(sshOptions({ identityFiles }), {});
    expect(credentials.keys.map(({ path }) => path)).toEqual([good]);
    expect(credentials.agent).toBeNull();
    expect(credentials.notes).toHaveLength(3);
    expect(credentials.notes[0]).toBe(`${locked} is encrypted`);
    expect(credentials.notes[1]).toContain(`${broken} cannot be used`);
    expect(credentials.notes[2]).toContain('EISDIR');
    expect(JSON.stringify(credentials.notes)).not.toContain('secret');
  });

  it('have the agent of the environment, that of the configuration, or none', async () => {
    const agentOf = async (options: Parameters<typeof sshOptions>[0], environment: NodeJS.ProcessEnv) =>
      (await loadCredentials(sshOptions(options), environment)).agent;
    const environment = { SSH_AUTH_SOCK: '/run/agent' };
    expect(await agentOf({}, environment)).toBe('/run/agent');
    expect(await agentOf({}, {})).toBeNull();
    expect(await agentOf({}, { SSH_AUTH_SOCK: '' })).toBeNull();
    expect(await agentOf({ identityAgent: '/run/mine' }, environment)).toBe('/run/mine');
    expect(await agentOf({ identityAgent: null }, environment)).toBeNull();
    expect(await agentOf({ identitiesOnly: true }, environment)).toBeNull();
  });
});

describe('authentication', () => {
  const keys = [
    { path: '/k/one', content: Buffer.from('1') },
    { path: '/k/two', content: Buffer.from('2') },
  ];

  /** What is tried while the server goes on to name these methods. */
  function attempts(credentials: Parameters<typeof createAuthHandler>[1], methods: string[]): string[] {
    const { handler } = createAuthHandler('ada', credentials);
    const tried: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      let next: AnyAuthMethod | false | undefined;
      const left = round === 0 ? null : methods;
      handler(left as never, false, ((attempt: AnyAuthMethod | false) => {
        next = attempt;
      }) as never);
      if (next === undefined || next === false) break;
      tried.push(typeof next === 'string' ? next : `${next.type} ${'key' in next ? String(next.key) : ''}`.trim());
    }
    return tried;
  }

  it('tries the agent, then each key in order', () => {
    expect(attempts({ agent: '/run/agent', keys, notes: [] }, ['publickey', 'password'])).toEqual([
      'agent',
      'publickey 1',
      'publickey 2',
    ]);
  });

  it('asks with nothing when it has nothing', () => {
    expect(attempts({ agent: null, keys: [], notes: [] }, ['publickey'])).toEqual(['none']);
  });

  it('stops when the server takes no keys at all', () => {
    expect(attempts({ agent: null, keys, notes: [] }, ['password'])).toEqual(['publickey 1']);
  });

  it('remembers what the server accepts', () => {
    const { handler, accepted } = createAuthHandler('ada', { agent: null, keys, notes: [] });
    expect(accepted()).toEqual([]);
    handler(['publickey', 'password'] as never, false, (() => {}) as never);
    expect(accepted()).toEqual(['publickey', 'password']);
  });

  it('that failed says what was offered, why other keys were not, and what to do', () => {
    const credentials = { agent: '/run/agent', keys, notes: ['/k/three is encrypted'] };
    const error = authenticationFailure(sshOptions(), credentials, ['publickey', 'password']);
    expect(error.kind).toBe('auth');
    expect(error.message).toBe('the server accepts publickey, password');
    expect(error.hint).toContain('Offered: ssh-agent, /k/one, /k/two.');
    expect(error.hint).toContain('/k/three is encrypted.');
    expect(error.hint).toContain('ada@web1.example.org');
    const nothing = authenticationFailure(sshOptions(), { agent: null, keys: [], notes: [] }, []);
    expect(nothing.hint).toContain('There was no key to offer.');
  });
});
