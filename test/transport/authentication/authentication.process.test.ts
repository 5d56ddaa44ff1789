import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2, { type AnyAuthMethod } from 'ssh2';
import { describe, expect, it } from 'vitest';
import type { AuthenticationMethod, SshOptions } from '../../../src/domain/host.ts';
import { Authentication } from '../../../src/transport/authentication/authentication.ts';
import { authenticationFailure } from '../../../src/transport/authentication/authentication-failure.ts';
import { type Ask, type Identity, loadIdentities } from '../../../src/transport/authentication/identities.ts';
import { Secrets } from '../../../src/transport/authentication/secrets.ts';
import { Ssh2Unsupported } from '../../../src/transport/ssh2-unsupported.ts';
import { sshOptions } from '../../support/builders.ts';
import { isInstalled } from '../../support/programs.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const signal = new AbortController().signal;

function makeKey(path: string, passphrase: string, ...more: string[]): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path, ...more]);
  return path;
}
const load = (options: Partial<SshOptions>, ask: Ask | null = null, secrets = new Secrets()) =>
  loadIdentities(sshOptions({ identityAgent: null, ...options }), {}, secrets, ask, signal);

describe.skipIf(!isInstalled('ssh-keygen'))('identities', () => {
  it('are the keys that can be read, and notes on those that cannot', async () => {
    const folder = await makeTempDir();
    const good = makeKey(join(folder, 'good'), '');
    const open = makeKey(join(folder, 'open'), '');
    await chmod(open, 0o644);
    const broken = join(folder, 'broken');
    await writeFile(broken, 'not a key');
    await mkdir(join(folder, 'folder'));
    const identityFiles = [join(folder, 'missing'), good, open, broken, join(folder, 'folder')];
    const { list, notes } = await load({ identityFiles });
    expect(list.map(({ label }) => label)).toEqual([good]);
    expect(notes).toEqual([
      expect.stringContaining(`${open} is ignored, as by ssh: others can read it`),
      expect.stringContaining(`${broken} cannot be used`),
      expect.stringContaining('EISDIR'),
    ]);
  });

  it('are only those that the configuration allows', async () => {
    const folder = await makeTempDir();
    const small = join(folder, 'small');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', small]);
    const identityFiles = [makeKey(join(folder, 'ed25519'), ''), small];
    const labels = async (options: Partial<SshOptions>) => {
      const { list, notes } = await load({ identityFiles, ...options });
      return [...list.map(({ label }) => label), ...notes];
    };
    const allowing = (...publicKeys: string[]) => ({ algorithms: { ...sshOptions().algorithms, publicKeys } });
    expect(await labels({})).toEqual(identityFiles);
    expect(await labels({ requiredRsaSize: 3072 })).toEqual([
      identityFiles[0],
      `${small} is not used: RequiredRSASize is 3072`,
    ]);
    expect(await labels(allowing('ssh-ed25519'))).toEqual([
      identityFiles[0],
      `${small} is not used: PubkeyAcceptedAlgorithms allows no ssh-rsa`,
    ]);
    expect(await labels(allowing('ssh-ed25519', 'rsa-sha2-512'))).toEqual(identityFiles);
  });

  it('that are encrypted are asked for when they sign, once, and until it fits', async () => {
    const folder = await makeTempDir();
    const locked = makeKey(join(folder, 'locked'), 'open sesame');
    const asked: string[] = [];
    const answers = [['wrong'], ['open sesame']];
    const ask: Ask = async (title, instruction) => {
      asked.push(`${title}|${instruction}`);
      return answers.shift() ?? null;
    };
    const secrets = new Secrets();
    const identity = (await load({ identityFiles: [locked] }, ask, secrets)).list[0]!;
    expect(identity.locked()).toBe(true);
    expect(asked).toEqual([]);
    const signature = await identity.sign(Buffer.from('data'), undefined, ask);
    const publicKey = ssh2.utils.parseKey(await readFile(`${locked}.pub`));
    expect(!(publicKey instanceof Error) && publicKey.verify(Buffer.from('data'), signature)).toBe(true);
    expect(asked).toEqual([`Passphrase of ${locked}|`, `Passphrase of ${locked}|That passphrase did not work.`]);
    const again = (await load({ identityFiles: [locked] }, null, secrets)).list[0]!;
    expect(again.locked()).toBe(false);
    await again.sign(Buffer.from('data'), undefined, null);
    expect(asked).toHaveLength(2);
  });

  it('that are encrypted are left to the ssh that may ask the keychain for the passphrase', async () => {
    const locked = makeKey(join(await makeTempDir(), 'locked'), 'open sesame');
    const ask: Ask = async () => expect.fail('asked');
    const { list, opensshOnly } = await load({ identityFiles: [locked], useKeychain: true }, ask);
    expect(list).toEqual([]);
    expect(opensshOnly).toEqual([`${locked} (its passphrase may be in the keychain)`]);
  });

  it('that are encrypted without a hint at their public key are asked for at once, or left out', async () => {
    const folder = await makeTempDir();
    const old = join(folder, 'old');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'secret', '-f', old]);
    await writeFile(`${old}.pub`, '');
    const without = await load({ identityFiles: [old] });
    expect(without).toMatchObject({ list: [], notes: [`${old} is encrypted and has no .pub file beside it`] });
    expect((await load({ identityFiles: [old] }, async () => ['secret'])).list).toHaveLength(1);
  });
});

const identity = (label: string, changes: Partial<Identity> = {}): Identity => ({
  ...{ label, blob: Buffer.from(label), locked: () => false, sign: async () => Buffer.from('signature') },
  ...changes,
});

interface Setting {
  readonly keys?: readonly Identity[];
  readonly ask?: Ask | null;
  readonly secrets?: Secrets;
  readonly methods?: readonly AuthenticationMethod[];
  readonly foreign?: readonly string[];
  readonly opensshMethods?: readonly AuthenticationMethod[];
  readonly secretKey?: string | null;
  readonly allowPasswords?: boolean;
  readonly passwordPrompts?: number;
}

/**
 * Returns the attempts in order while the server keeps accepting these methods. `play` acts on each attempt as ssh2
 * would.
 */
async function attempts(
  setting: Setting,
  accepted: readonly string[],
  play: (attempt: AnyAuthMethod) => Promise<readonly string[] | undefined> = async () => undefined,
) {
  const { keys = [], ask = null, secrets = new Secrets(), foreign = [], allowPasswords = true } = setting;
  const options = sshOptions({
    ...(setting.methods === undefined ? {} : { authenticationMethods: setting.methods }),
    passwordPrompts: setting.passwordPrompts ?? 3,
  });
  const identities = { list: keys, notes: [], opensshOnly: foreign };
  const authentication = new Authentication({
    ...{ options, identities, secrets, ask },
    opensshMethods: setting.opensshMethods ?? [],
    secretKey: () => (setting.secretKey === undefined ? 'ada at web1' : setting.secretKey),
    allowPasswords: () => allowPasswords,
  });
  const handler = authentication.handler();
  const tried: string[] = [];
  let left: readonly string[] | null = null;
  for (let round = 0; round < 12; round += 1) {
    const next = await new Promise<AnyAuthMethod | false>((resolve) => {
      handler(left as never, false, (method) => resolve(method as AnyAuthMethod | false));
    });
    if (next === false) break;
    tried.push(next.type === 'password' ? `password ${next.password}` : next.type);
    const named = await play(next);
    // ssh2 reports the methods again after every method except keys.
    if (next.type !== 'agent') left = named ?? left ?? accepted;
  }
  return { authentication, tried, options };
}

describe('authentication', () => {
  it('asks what is accepted, and offers one key after the other', async () => {
    const { tried, authentication } = await attempts({ keys: [identity('a'), identity('b')] }, ['publickey']);
    expect(tried).toEqual(['none', 'agent', 'agent']);
    expect(authentication.tried).toEqual(['a', 'b']);
  });

  it('offers no key to a server that takes none, and asks no one when there is nobody', async () => {
    const { tried, authentication, options } = await attempts({ keys: [identity('a')] }, ['password']);
    expect(tried).toEqual(['none']);
    const failure = authenticationFailure(options, authentication, null);
    expect(failure).toMatchObject({ kind: 'auth', message: 'the server accepts password' });
  });

  it('passes over a key that is locked, unless someone can be asked', async () => {
    const keys = [identity('locked', { locked: () => true }), identity('b')];
    const quiet = await attempts({ keys }, ['publickey']);
    expect(quiet.authentication.tried).toEqual(['b']);
    expect(quiet.authentication.notes).toEqual(['locked is encrypted']);
    const asking = await attempts({ keys, ask: async () => null }, ['publickey']);
    expect(asking.authentication.tried).toEqual(['locked', 'b']);
  });

  it('asks what is wanted besides after a key that was accepted', async () => {
    let asked = 0;
    const sign = async (attempt: AnyAuthMethod) => {
      if (attempt.type === 'none') {
        asked += 1;
        return asked === 1 ? ['publickey'] : ['password'];
      }
      if (attempt.type !== 'agent' || typeof attempt.agent === 'string') return undefined;
      const { agent } = attempt;
      await new Promise<void>((resolve) => agent.sign('', Buffer.from(''), {}, () => resolve()));
      return undefined;
    };
    const both = await attempts({ keys: [identity('a'), identity('b')], ask: async () => ['pw'] }, [], sign);
    expect(both.tried.slice(0, 4)).toEqual(['none', 'agent', 'none', 'password pw']);
  });

  it('asks for a password as often as the configuration says, and says why again', async () => {
    const asked: string[] = [];
    const ask: Ask = async (title, instruction) => {
      asked.push(`${title}|${instruction}`);
      return ['wrong'];
    };
    const { tried } = await attempts({ ask, passwordPrompts: 2 }, ['password']);
    expect(tried).toEqual(['none', 'password wrong', 'password wrong']);
    expect(asked).toEqual([
      'Password of ada@web1.example.org:22|',
      'Password of ada@web1.example.org:22|That was not accepted.',
    ]);
  });

  it('goes on with the next method of the configuration, in its order', async () => {
    const ask: Ask = async () => ['x'];
    const accepted = ['publickey', 'password', 'keyboard-interactive'];
    const setting = { ask, keys: [identity('a')], passwordPrompts: 1 };
    const usual = await attempts(setting, accepted);
    expect(usual.tried).toEqual(['none', 'agent', 'keyboard-interactive']);
    const turned = await attempts({ ...setting, methods: ['password', 'publickey'] }, accepted);
    expect(turned.tried).toEqual(['none', 'password x', 'agent']);
  });

  it('stops when the user would not answer', async () => {
    const { tried, authentication } = await attempts({ ask: async () => null }, ['password']);
    expect(tried).toEqual(['none']);
    expect(authentication.givenUp).toBe(true);
  });

  it('sends a password that served before by itself, and never again once it was refused', async () => {
    const secrets = new Secrets();
    const first = await attempts({ secrets, ask: async () => ['right'] }, ['password']);
    first.authentication.succeeded();
    expect((await attempts({ secrets }, ['password'])).tried).toEqual(['none', 'password right']);
    expect((await attempts({ secrets }, ['password'])).tried).toEqual(['none']);
  });

  it('remembers a password for the host, way and key it was typed for, and forgets it when it did not serve', async () => {
    const secrets = new Secrets();
    const first = await attempts({ secrets, ask: async () => ['right'] }, ['password']);
    first.authentication.succeeded();
    expect((await attempts({ secrets, secretKey: 'another key' }, ['password'])).tried).toEqual(['none']);
    expect((await attempts({ secrets, secretKey: null }, ['password'])).tried).toEqual(['none']);
    const again = await attempts({ secrets, passwordPrompts: 0 }, []);
    again.authentication.failed();
    const replayed = await attempts({ secrets }, ['password']);
    expect(replayed.tried).toEqual(['none', 'password right']);
    // The server hung up on it instead of refusing it.
    replayed.authentication.failed();
    expect((await attempts({ secrets }, ['password'])).tried).toEqual(['none']);
  });

  it('does not call wrong what was right, and only not enough', async () => {
    const asked: string[] = [];
    const ask: Ask = async (_title, instruction) => {
      asked.push(instruction);
      return ['x'];
    };
    const identities = { list: [], notes: [], opensshOnly: [] };
    const parts = { options: sshOptions(), identities, opensshMethods: [], secrets: new Secrets(), ask };
    const authentication = new Authentication({ ...parts, secretKey: () => null, allowPasswords: () => true });
    const step = authentication.handler();
    const next = (methods: readonly string[] | null, partial: boolean) =>
      new Promise<AnyAuthMethod | false>((resolve) => {
        step(methods as never, partial, (method) => resolve(method as AnyAuthMethod | false));
      });
    expect(await next(null, false)).toMatchObject({ type: 'none' });
    expect(await next(['password'], false)).toMatchObject({ type: 'password' });
    expect(await next(['password'], true)).toMatchObject({ type: 'password' });
    expect(await next(['password'], false)).toMatchObject({ type: 'password' });
    expect(asked).toEqual(['', '', 'That was not accepted.']);
  });

  it('shows all prompts of a server, and remembers no code that is good for one time', async () => {
    const secrets = new Secrets();
    const asked: unknown[] = [];
    const ask: Ask = async (_title, instruction, prompts) => {
      asked.push([instruction, prompts]);
      return prompts.map(({ text }) => `answer to ${text}`);
    };
    const given: string[][] = [];
    const { authentication } = await attempts(
      { secrets, ask, passwordPrompts: 1 },
      ['keyboard-interactive'],
      async (a) => {
        if (a.type !== 'keyboard-interactive') return undefined;
        const show = (texts: string[]) =>
          new Promise<void>((resolve) => {
            const prompts = texts.map((prompt) => ({ prompt, echo: prompt === 'Token' }));
            a.prompt('', 'two factors', '', prompts, (answers) => {
              given.push([...answers]);
              resolve();
            });
          });
        await show(['Password']);
        await show(['Token']);
        return undefined;
      },
    );
    expect(given).toEqual([['answer to Password'], ['answer to Token']]);
    expect(asked).toEqual([
      ['two factors', [{ text: 'Password', echo: false }]],
      ['two factors', [{ text: 'Token', echo: true }]],
    ]);
    authentication.succeeded();
    expect((await attempts({ secrets }, ['keyboard-interactive'])).tried).toEqual(['none']);
  });

  it('sends no password to a host whose key has changed, though the configuration lets it in', async () => {
    const setting = { ask: async () => ['pw'], allowPasswords: false };
    expect((await attempts(setting, ['password', 'keyboard-interactive'])).tried).toEqual(['none']);
  });

  it('leaves to the system ssh what ssh2 cannot do, before it asks for a password', async () => {
    const setting = { foreign: ['/k/id_sk (sk-ssh-ed25519@openssh.com)'], ask: async () => ['pw'] };
    const { tried, authentication, options } = await attempts(setting, ['publickey', 'password']);
    expect(tried).toEqual(['none']);
    expect(authenticationFailure(options, authentication, null)).toBeInstanceOf(Ssh2Unsupported);
    const ticket = { opensshMethods: ['gssapi-with-mic'] as const, ask: async () => ['pw'] };
    const accepted = ['gssapi-with-mic', 'password'];
    const having = await attempts(ticket, accepted);
    expect(having.tried).toEqual(['none']);
    expect(authenticationFailure(options, having.authentication, null)).toBeInstanceOf(Ssh2Unsupported);
    const without = await attempts({ ask: ticket.ask, passwordPrompts: 1 }, accepted);
    expect(without.tried).toEqual(['none', 'password pw']);
    expect(authenticationFailure(options, without.authentication, null)).not.toBeInstanceOf(Ssh2Unsupported);
  });
});
