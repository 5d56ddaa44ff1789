import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import type { LabHostPlan } from '../../ssh-lab/plan.ts';
import { type Answer, FakeUser } from './fake-user.ts';
import { addAliases, createClient, failureOf, followLog, forBothKinds, PATIENCE } from './matrix-client.ts';

const can = findLabCapabilities();
const both = forBothKinds([[]]);

const plans = {
  password: { access: 'password' },
  keyboard: { access: 'keyboard-interactive' },
  prompts: { access: 'two-prompts' },
  'key-and-password': { access: 'key-and-password' },
  'key-and-code': { access: 'key-and-code' },
  either: { sshd: ['PasswordAuthentication yes'], client: ['PreferredAuthentications password,publickey'] },
  once: { access: 'password', client: ['NumberOfPasswordPrompts 1'] },
  withheld: { access: 'password', client: ['PasswordAuthentication no'] },
  keys: { access: 'key-and-password', client: ['PreferredAuthentications publickey'] },
} as const satisfies Record<string, LabHostPlan>;

let lab: Lab<keyof typeof plans>;

beforeAll(async () => {
  lab = await startLab(plans);
  const { address } = lab.host('password');
  const locked = lab.key('encrypted').path;
  await addAliases(lab, { locked: [`HostName ${address}`, `IdentityFile ${locked}`, 'IdentitiesOnly yes'] });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

const password = (...before: string[]): Answer => [/password/i, ...before, () => lab.password];
const code = (...before: string[]): Answer => [/code/i, ...before, () => lab.code()];

/** Any word of a password in sshd's log. */
const PASSWORD_SENT = /(Failed|Accepted|Postponed|Partial) (password|keyboard-interactive)/;

describe.skipIf(!can.passwords)('a user is asked', () => {
  const asked: [alias: keyof typeof plans, answers: () => Answer[], prompts: RegExp[]][] = [
    ['password', () => [password()], [/password/i]],
    ['keyboard', () => [password()], [/password/i]],
    ['prompts', () => [password(), code()], [/password/i, /code/i]],
    ['key-and-password', () => [password()], [/password/i]],
    ['key-and-code', () => [code()], [/code/i]],
    ['either', () => [password()], [/password/i]],
    ['password', () => [password('wrong')], [/password/i, /password/i]],
    ['keyboard', () => [password('wrong')], [/password/i, /password/i]],
    [
      'prompts',
      () => [[/password/i, () => lab.password, () => lab.password], code('000000')],
      [/pass/i, /code/i, /pass/i, /code/i],
    ],
  ];

  it.each(forBothKinds(asked))('by %s for %s', async (kind, alias, answers, prompts) => {
    const person = new FakeUser(answers());
    const log = await followLog(lab.host(alias));
    expect(await (await createClient(lab, kind)).echo(alias, { interaction: person })).toBe('in\n');
    expect(person.asked).toEqual(prompts.map((prompt) => expect.stringMatching(prompt)));
    expect([...(await log.read()).matchAll(/Accepted \S+ for/g)]).toHaveLength(1);
  });

  it.each(both)('once when NumberOfPasswordPrompts is 1, by %s', async (kind) => {
    const person = new FakeUser([password('wrong')]);
    const attempt = (await createClient(lab, kind)).connect('once', { interaction: person });
    expect(await failureOf(attempt)).toMatchObject({ kind: 'auth' });
    expect(person.asked).toHaveLength(1);
  });

  it.each(both)('three times at the most otherwise, by %s', async (kind) => {
    const person = new FakeUser([[/password/i, 'wrong', 'wrong', 'wrong', 'wrong']]);
    const attempt = (await createClient(lab, kind)).connect('password', { interaction: person });
    expect(await failureOf(attempt)).toMatchObject({ kind: 'auth' });
    expect(person.asked).toHaveLength(3);
  });

  it.each(forBothKinds([['withheld'], ['keys']] as const))('by %s for no password where %s', async (kind, alias) => {
    const person = new FakeUser([password()]);
    const log = await followLog(lab.host(alias));
    const attempt = (await createClient(lab, kind)).connect(alias, { interaction: person });
    expect(await failureOf(attempt)).toMatchObject({ kind: 'auth' });
    expect(person.asked).toEqual([]);
    expect(await log.untilEnd()).not.toMatch(PASSWORD_SENT);
  });

  it.each(forBothKinds([['password'], ['keyboard'], ['prompts']] as const))(
    'by %s for %s, gives up, and nothing is sent',
    async (kind, alias) => {
      const person = new FakeUser([[/password/i, null]]);
      const log = await followLog(lab.host(alias));
      const attempt = (await createClient(lab, kind)).connect(alias, { interaction: person });
      expect(await failureOf(attempt)).toMatchObject({ kind: 'auth' });
      expect(person.asked).toHaveLength(1);
      expect(await log.untilEnd()).not.toMatch(/(Failed|Accepted) (password|keyboard-interactive)/);
    },
  );
});

describe.skipIf(!can.passwords)('with no one to ask', () => {
  const aliases = [['password'], ['keyboard'], ['prompts'], ['key-and-password'], ['key-and-code'], ['once']] as const;

  it.each(forBothKinds(aliases))('%s guesses no password of %s', async (kind, alias) => {
    const log = await followLog(lab.host(alias));
    const failure = await failureOf((await createClient(lab, kind)).connect(alias));
    expect(failure).toMatchObject({ kind: 'auth' });
    expect(failure.message).toMatch(/password|keyboard-interactive/);
    expect(await log.untilEnd()).not.toMatch(PASSWORD_SENT);
  });
});

describe.skipIf(!can.passwords)('a connection that was lost', () => {
  it.each([['password'], ['keyboard'], ['key-and-password']] as const)(
    'comes back without a question: %s, by ssh2',
    async (alias) => {
      const client = await createClient(lab, 'ssh2');
      const person = new FakeUser([password()]);
      const first = await client.connect(alias, { interaction: person });
      await lab.host(alias).stop();
      await vi.waitFor(() => expect(first.closed).toBe(true), PATIENCE);
      await lab.host(alias).start();
      expect(await client.echo(alias)).toBe('in\n');
      expect(person.asked).toHaveLength(1);
    },
  );

  it.each([
    ['prompts', () => [password(), code()]],
    ['key-and-code', () => [code()]],
  ] as const)('does not where a code is wanted, which is good for once: %s, by ssh2', async (alias, answers) => {
    const client = await createClient(lab, 'ssh2');
    const first = await followLog(lab.host(alias));
    expect(await client.echo(alias, { interaction: new FakeUser(answers()) })).toBe('in\n');
    client.pool.drop(alias);
    await first.untilEnd();
    const log = await followLog(lab.host(alias));
    expect(await failureOf(client.connect(alias))).toMatchObject({ kind: 'auth' });
    expect(await log.untilEnd()).not.toMatch(/(Failed|Accepted) keyboard-interactive/);
  });

  it('does not with a password that was changed meanwhile, and sends it once only, by ssh2', async () => {
    const client = await createClient(lab, 'ssh2');
    await client.connect('password', { interaction: new FakeUser([password()]) });
    // Another host at the same place, which takes no password of this account.
    await lab.host('password').stop();
    await vi.waitFor(async () => expect(await failureOf(client.connect('password'))).toBeDefined(), PATIENCE);
    await lab.host('password').start();
    expect(await client.echo('password')).toBe('in\n');
  });
});

describe('what was typed', () => {
  const rows = [
    ['password', () => [password()], () => lab.password],
    ['keyboard', () => [password()], () => lab.password],
  ] as const;

  it.skipIf(!can.passwords).each(forBothKinds(rows))(
    'by %s for %s is nowhere else',
    async (kind, alias, answers, secret) => {
      const client = await createClient(lab, kind);
      expect(await client.echo(alias, { interaction: new FakeUser(answers()) })).toBe('in\n');
      expect(await processesWith(secret())).toEqual([]);
      for (const folder of [lab.directory, ...(await privateFolders())]) {
        expect(await filesWith(folder, secret())).toEqual([]);
      }
    },
  );

  it.skipIf(!can.passwords).each(both)('wrongly is in no error, by %s', async (kind) => {
    const wrong = 'wr0ng-s3cret-w0rd';
    const person = new FakeUser([[/password/i, wrong, wrong, wrong]]);
    const client = await createClient(lab, kind);
    const failure = await failureOf(client.connect('password', { interaction: person }));
    expect(JSON.stringify([failure, person.told])).not.toContain(wrong);
    expect(await filesWith(lab.directory, wrong)).toEqual([]);
  });
});

/** Processes that have the text among their arguments or in their environment. */
async function processesWith(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const files = ids.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
  const found = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return files.filter((_, index) => found[index]?.includes(text));
}

/** Where the system's ssh keeps its sockets and logs for us. */
async function privateFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('ocr-')).map((name) => join(tmpdir(), name));
}

/** Files below a folder that hold the text. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return files.filter((_, index) => found[index]?.includes(text));
}
