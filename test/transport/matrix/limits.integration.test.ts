import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { Prober } from '../../../src/probe/prober.ts';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import type { LabHostPlan } from '../../ssh-lab/plan.ts';
import { createClient, failureOf, followLog, forBothKinds, runLimits } from './matrix-client.ts';

const can = findLabCapabilities();
const both = forBothKinds([[]]);

/** Binary noise with what might be taken for an end of it. */
const noise = String.raw`printf '\377\376\000\033[31mwelcome\r\n\n>\n<\n'`;
/** The output allowed to a profile: half a megabyte. */
const motd = 'yes "the message of the day is a long one" | head -c 500000';

const shells = ['/usr/bin/fish', '/usr/bin/csh', '/usr/bin/tcsh', '/usr/bin/zsh', '/bin/dash'].filter((path) =>
  existsSync(path),
);
const shellHosts = Object.fromEntries(
  shells.map((shell): [string, LabHostPlan] => [shell.split('/').at(-1) ?? '', { shell }]),
);

const plans = {
  plain: {},
  one: { sshd: ['MaxSessions 1'] },
  two: { sshd: ['MaxSessions 2'] },
  none: { sshd: ['MaxSessions 0'] },
  noisy: { home: { '.bashrc': noise, '.profile': noise, '.zshenv': noise } },
  talkative: { home: { '.bashrc': motd, '.profile': motd } },
  greeting: { banner: `${'all activity is watched\n'.repeat(1200)}` },
  'long-banner': { banner: `${'all activity is watched\n'.repeat(6000)}` },
  menu: { shell: '#!/bin/sh\nprintf "1) mail\\n2) logout\\nChoose: "\nwhile :; do read -r choice || sleep 1; done\n' },
  leaver: { shell: '#!/bin/sh\necho This account is not available.\nexit 1\n' },
  babbler: { shell: '#!/bin/sh\nexec yes there is no shell here\n' },
  ...shellHosts,
} satisfies Record<string, LabHostPlan>;

let lab: Lab;

beforeAll(async () => {
  lab = await startLab<string>(plans);
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

const signal = () => new AbortController().signal;

describe('a server that allows few sessions', () => {
  it.each(forBothKinds([['one'], ['two']]))('has the others wait, by %s: MaxSessions %s', async (kind, alias) => {
    const log = await followLog(lab.host(alias));
    const transport = await (await createClient(lab, kind)).connect(alias);
    const runs = Array.from({ length: 20 }, (_, index) => transport.exec(`echo ${index}`, runLimits()));
    const results = await Promise.all(runs);
    expect(results.map(({ stdout }) => stdout)).toEqual(runs.map((_, index) => `${index}\n`));
    expect([...(await log.read()).matchAll(/Connection from /g)]).toHaveLength(1);
  });

  it.each(both)('has an idle shell make room for a command, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('one');
    const shell = await transport.shell(signal());
    expect((await shell.run('echo first', runLimits())).output).toBe('first\n');
    expect((await transport.exec('echo second', runLimits())).stdout).toBe('second\n');
    const next = shell.closed ? await transport.shell(signal()) : shell;
    expect((await next.run('echo third', runLimits())).output).toBe('third\n');
  });

  it.each(both)('is told of when it allows none, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('none');
    const failure = await failureOf(transport.exec('true', runLimits()));
    expect(failure.kind).toBe('protocol');
    expect(failure.message).toMatch(/the host opened no (channel|session)/);
  });
});

describe('what a host says unasked', () => {
  it.each(both)('as a banner does not matter, by %s', async (kind) => {
    expect(await (await createClient(lab, kind)).echo('greeting')).toBe('in\n');
  });

  it('as a banner that ssh2 cannot take is left to the system’s ssh', async () => {
    const client = await createClient(lab, 'auto');
    expect(await client.echo('long-banner')).toBe('in\n');
    expect((await client.connect('long-banner')).connection).toMatchObject({
      ...{ kind: 'openssh', reason: 'the host sends larger packets than ssh2 accepts' },
    });
    const failure = await failureOf((await createClient(lab, 'ssh2')).connect('long-banner'));
    expect(failure).toMatchObject({ kind: 'protocol', message: expect.stringContaining('packet length') });
  });

  it.each(forBothKinds([['noisy'], ['talkative']]))(
    'in a profile is not taken for an answer, by %s: %s',
    async (kind, alias) => {
      const transport = await (await createClient(lab, kind)).connect(alias);
      const shell = await transport.shell(signal());
      expect((await shell.run('echo in', runLimits())).output).toBe('in\n');
      expect((await shell.run('printf "\\377\\000x"', runLimits())).output).toBe('\ufffd\0x');
      expect((await transport.exec('echo in', runLimits())).stdout.endsWith('in\n')).toBe(true);
    },
  );
});

describe.skipIf(!can.shells)('a login shell', () => {
  it.each(forBothKinds(Object.keys(shellHosts).map((alias) => [alias] as const)))(
    'runs what is asked, by %s: %s',
    async (kind, alias) => {
      const transport = await (await createClient(lab, kind)).connect(alias);
      const shell = await transport.shell(signal());
      const script = 'x="a b"; for y in "$x" c; do echo "[$y]"; done; [ -n "$0" ] && echo $((1 + 1))';
      expect((await shell.run(script, runLimits())).output).toBe('[a b]\n[c]\n2\n');
      expect((await transport.exec('exec true', runLimits())).code).toBe(0);
    },
  );

  it.each(
    forBothKinds([
      ['menu', 'no-shell', /Choose:/],
      ['leaver', 'no-shell', /not available|ends at once/],
      ['babbler', 'overflow', /more than 1000000 bytes/],
    ] as const),
  )('that is none ends in a reason, by %s: %s', async (kind, alias, expected, message) => {
    const client = await createClient(lab, kind);
    const transport = await client.connect(alias);
    const shell = await transport.shell(signal());
    const failure = await failureOf(shell.run('echo in', runLimits({ idleTimeout: 1000, maxBytes: 1_000_000 })));
    expect(failure.kind).toBe(expected);
    expect(failure.message).toMatch(message);
    expect(await client.echo('plain')).toBe('in\n');
  });

  it.each(forBothKinds([['menu'], ['leaver']]))(
    'that is none is told of by the probe, by %s: %s',
    async (kind, alias) => {
      const client = await createClient(lab, kind);
      const prober = new Prober(client.pool, systemClock);
      const limits = { signal: signal(), timeout: 1500, enrich: false, interaction: null, mayStartOpencode: true };
      const failure: unknown = await prober
        .probe(await client.host(alias), null, limits)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: expect.stringMatching(/Choose:|ended|not available/) });
    },
  );
});

describe('an answer', () => {
  it.each(both)('without an end is cut off, and the connection serves on, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('plain');
    const limits = runLimits({ maxBytes: 1_000_000 });
    expect(await failureOf(transport.exec('yes', limits))).toMatchObject({ kind: 'overflow' });
    const shell = await transport.shell(signal());
    expect(await failureOf(shell.run('yes', limits))).toMatchObject({ kind: 'overflow' });
    expect(shell.closed).toBe(true);
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
  });

  it.each(both)('that does not come is given up, and the connection serves on, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('plain');
    const limits = runLimits({ idleTimeout: 300 });
    expect(await failureOf(transport.exec('sleep 30', limits))).toMatchObject({ kind: 'timeout' });
    const shell = await transport.shell(signal());
    expect(await failureOf(shell.run('sleep 30', limits))).toMatchObject({ kind: 'timeout' });
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
  });

  it.each(both)('that drips is given up at the signal, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('plain');
    const drip = 'while :; do echo .; sleep 0.05; done';
    const limits = () => runLimits({ signal: AbortSignal.timeout(500) });
    expect(await failureOf(transport.exec(drip, limits()))).toMatchObject({ kind: 'aborted' });
    const shell = await transport.shell(signal());
    expect(await failureOf(shell.run(drip, limits()))).toMatchObject({ kind: 'aborted' });
  });

  it.each(both)('in many parts at a time comes whole, by %s', async (kind) => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const transport = await (await createClient(lab, kind)).connect('plain');
    const runs = Array.from({ length: 20 }, () => transport.exec('yes | head -c 200000', runLimits()));
    // More than ten at a time is what MaxSessions allows by default.
    for (const { stdout } of await Promise.all(runs)) expect(stdout).toHaveLength(200_000);
    expect(warnings).toEqual([]);
  });
});
