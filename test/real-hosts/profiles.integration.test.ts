import { spawnSync } from 'node:child_process';
import xterm from '@xterm/headless';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSshResolver, type SshResolver } from '../../src/discovery/ssh-resolver.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { attachScript } from '../../src/opencode/attach-command.ts';
import { provenHost } from '../../src/opencode/proven-host.ts';
import { ensureOwnServer } from '../../src/opencode/server-process/own-server.ts';
import { stopServer } from '../../src/opencode/server-process/stop-server.ts';
import { startProven } from '../../src/opencode/start-proven.ts';
import { Prober } from '../../src/probe/prober.ts';
import type { TransportPool } from '../../src/transport/transport-pool.ts';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';
import { failureOf, forBothKinds, type Kind, PATIENCE, runLimits } from '../transport/matrix/matrix-client.ts';

const [bash, zsh, fish, tcsh] = ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh'];
const inBashrc = (text: string): LabHostPlan => ({ shell: bash, home: { '.bashrc': `${text}\n` } });

/** Profiles that read what a script would be sent by. */
const readers = {
  'read-t': inBashrc('read -t 2 x'),
  'read-line': inBashrc('read x; read y'),
  'head-100': inBashrc('head -c 100 >/dev/null'),
  'head-1000': inBashrc('head -c 1000 >/dev/null'),
  'talking-reader': inBashrc('echo Welcome; read x'),
  'zsh-reader': { shell: zsh, home: { '.zshenv': 'head -c 10 >/dev/null\n' } },
  'fish-reader': { shell: fish, home: { '.config/fish/config.fish': 'head -c 10 >/dev/null\n' } },
  'tcsh-reader': { shell: tcsh, home: { '.tcshrc': 'set x = $<\n' } },
} satisfies Record<string, LabHostPlan>;

/** Profiles that put another shell in the place of the one that was asked for. */
const replacers = {
  'exec-zsh': inBashrc('exec zsh'),
  'exec-zsh-l': inBashrc('exec zsh -l'),
  'exec-dash': inBashrc('exec dash'),
  'exec-bash': inBashrc('exec bash --norc'),
  'exec-tcsh': inBashrc('exec tcsh'),
  'exec-busybox': inBashrc('exec busybox sh'),
  'exec-ksh': inBashrc('exec ksh93'),
  'zshenv-exec-bash': { shell: zsh, home: { '.zshenv': 'exec bash\n' } },
  'tcshrc-exec-zsh': { shell: tcsh, home: { '.tcshrc': 'exec zsh\n' } },
  'config-fish-exec-bash': { shell: fish, home: { '.config/fish/config.fish': 'exec bash\n' } },
} satisfies Record<string, LabHostPlan>;

/** Those that leave no way in. */
const lost = {
  'exec-fish': inBashrc('exec fish'),
  cat: inBashrc('cat >/dev/null'),
} satisfies Record<string, LabHostPlan>;

const tmuxOnSsh = '[ -n "$SSH_TTY" ] && exec tmux -L ocr-profiles new -A -s main\n';
const say = (where: string) => `export OCR_SAW="$OCR_SAW ${where}"\n`;

/** Hosts by alias: the profile, what an attached program sees of it (`OCR_SAW`), and the note about it. */
const attached = {
  'attach-plain': { plan: { shell: bash, home: { '.bash_profile': say('login') } }, saw: 'login', note: null },
  'attach-profile-zsh': {
    plan: { shell: bash, home: { '.bash_profile': `${say('bash')}exec zsh -l\n`, '.zprofile': say('zsh') } },
    ...{ saw: 'bash zsh', note: null },
  },
  'attach-profile-fish': {
    plan: {
      shell: bash,
      home: { '.bash_profile': 'exec fish\n', '.config/fish/config.fish': 'set -gx OCR_SAW fish\n' },
    },
    ...{ saw: 'fish', note: null },
  },
  'attach-profile-tmux': {
    plan: { shell: bash, home: { '.bash_profile': `${say('login')}${tmuxOnSsh}` } },
    ...{ saw: 'login', note: null },
  },
  'attach-zprofile-tmux': {
    plan: { shell: zsh, home: { '.zprofile': `${say('login')}exec tmux -L ocr-profiles new -A -s main\n` } },
    ...{ saw: '', note: /the profile of zsh replaces or ends the shell; opencode was started without it/ },
  },
  'attach-bashrc-tmux': {
    plan: { shell: bash, home: { '.bashrc': `${say('bashrc')}${tmuxOnSsh}`, '.bash_profile': say('login') } },
    ...{ saw: 'bashrc login', note: /on an ssh terminal, the profile starts another program .*~\/\.bashrc/ },
  },
  'attach-zshenv-tmux': {
    plan: { shell: zsh, home: { '.zshenv': tmuxOnSsh, '.zprofile': say('login') } },
    ...{ saw: 'login', note: /on an ssh terminal, .*~\/\.zshenv/ },
  },
  'attach-fish-tmux': {
    plan: {
      shell: fish,
      home: {
        '.config/fish/config.fish':
          'if set -q SSH_TTY; exec tmux -L ocr-profiles new -A -s main; end\nset -gx OCR_SAW fish\n',
      },
    },
    ...{ saw: 'fish', note: /on an ssh terminal, .*config\.fish/ },
  },
  'attach-bashrc-zsh': {
    plan: inBashrc('exec zsh'),
    ...{ saw: '', note: /on an ssh terminal, the profile does not finish/ },
  },
  'attach-tty-zsh': {
    plan: { shell: bash, home: { '.bashrc': '[ -t 1 ] && exec zsh -l\n', '.bash_profile': say('login') } },
    ...{ saw: 'login', note: /on an ssh terminal/ },
  },
} satisfies Record<string, { plan: LabHostPlan; saw: string; note: RegExp | null }>;

/** A profile with all that is in the way at once: commands on an ssh terminal are lost, another shell takes over, and a proxy that is none. */
const everything: LabHostPlan = {
  ...{ shell: bash, opencode: true },
  home: {
    '.bashrc': tmuxOnSsh,
    '.bash_profile': 'exec zsh -l\n',
    '.zprofile': 'export HTTP_PROXY=http://127.0.0.1:9 http_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9\n',
  },
};

const plansOf = (rows: typeof attached) =>
  Object.fromEntries(Object.entries(rows).map(([alias, { plan }]): [string, LabHostPlan] => [alias, plan]));

const slow = { slow: inBashrc('sleep 4'), slower: inBashrc('sleep 12') } satisfies Record<string, LabHostPlan>;

const { signal } = new AbortController();

let lab: Lab;
let resolver: SshResolver;
let pools: Record<Kind, TransportPool>;
beforeAll(async () => {
  lab = await startLab<string>({ ...readers, ...replacers, ...lost, ...slow, ...plansOf(attached), everything });
  resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  const poolOf = (choice: Kind) => createRealPool({ choice, resolver, configFile: lab.sshConfig });
  pools = { ssh2: poolOf('ssh2'), openssh: poolOf('openssh') };
});
afterAll(async () => {
  for (const pool of Object.values(pools ?? {})) pool.close();
  // A profile has started it.
  spawnSync('tmux', ['-L', 'ocr-profiles', 'kill-server']);
  await lab?.close();
});

async function connect(kind: Kind, alias: string) {
  const host = aHost({ alias, route: await resolver.resolve(alias, signal) });
  return pools[kind].get(host, { signal, timeout: 20_000, interaction: null });
}

async function shellOf(kind: Kind, alias: string) {
  const transport = await connect(kind, alias);
  return { transport, shell: await transport.shell(signal) };
}

describe.skipIf(!findLabCapabilities().shells)('a profile', () => {
  it.concurrent.each(forBothKinds([...Object.keys(readers), 'slow'].map((alias) => [alias] as const)))(
    'that reads input eats no script, by %s: %s',
    async (kind, alias) => {
      const { transport, shell } = await shellOf(kind, alias);
      expect((await shell.run('x="a b"; echo "[$x]"; cat', runLimits())).output).toBe('[a b]\n');
      expect((await shell.run('echo "$x"', runLimits())).output).toBe('a b\n');
      expect(transport.connection.notes).toEqual([]);
    },
  );

  it.concurrent.each(forBothKinds(Object.keys(replacers).map((alias) => [alias] as const)))(
    'that replaces the shell makes room for a plain sh, by %s: %s',
    async (kind, alias) => {
      const { transport, shell } = await shellOf(kind, alias);
      const script = 'f() { echo "$0 $1"; }; f in; echo "$((1 + 1))"';
      expect((await shell.run(script, runLimits())).output).toBe('/bin/sh in\n2\n');
      const result = await transport.exec('echo out; echo err >&2; cat; exit 7', runLimits());
      expect(result).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
      expect(transport.connection.notes).toEqual([
        expect.stringMatching(/^the profile replaces the shell .*look for exec in ~\//),
      ]);
    },
  );

  it.concurrent.each(forBothKinds([[]]))(
    'that takes longer than a host may be silent is waited for, by %s',
    async (kind) => {
      const { transport, shell } = await shellOf(kind, 'slower');
      expect((await shell.run('echo in', runLimits())).output).toBe('in\n');
      expect(transport.connection.notes).toEqual([expect.stringMatching(/^start-up files take 1\ds at every command/)]);
    },
  );

  it.concurrent.each(
    forBothKinds([
      ['exec-fish', /^the profile replaces the shell, so nothing can be run$/, /~\/\.bashrc/],
      ['cat', /^the profile reads all input, so nothing can be run: look at ~\/\.bashrc$/, /case \$- in \*i\*/],
    ] as const),
  )('that leaves no way in is named, by %s: %s', async (kind, alias, message, hint) => {
    const { shell } = await shellOf(kind, alias);
    const failure = await failureOf(shell.run('echo in', runLimits({ idleTimeout: 3000 })));
    expect(failure).toMatchObject({ kind: 'no-shell' });
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });
});

describe.skipIf(!findLabCapabilities().shells)('a program on a terminal', () => {
  it.concurrent.each(forBothKinds(Object.entries(attached)))(
    'is all that is shown, by %s: %s',
    async (kind, alias, row) => {
      const transport = await connect(kind, alias);
      const request = { columns: 91, rows: 23, term: 'xterm-256color' };
      const host = provenHost(transport, (command) => transport.pty(command, request, signal), request, signal);
      const script = `stty -echo; printf 'STANDIN [%s] %s %s|' "$OCR_SAW" "$TERM" "$(stty size)"
      trap 'printf "%s|" "$(stty size)"' WINCH
      read -r line; while [ "$line" != end ]; do printf '<%s>' "$line"; read -r line; done; exit 7`;
      const pty = await startProven(host, { script, mode: 'login', environment: {} });
      let printed = '';
      pty.onData((chunk) => {
        printed += chunk.toString();
      });
      const shown = `STANDIN [${row.saw}] xterm-256color 23 91|`;
      await vi.waitFor(() => expect(printed.replace('[ ', '[')).toBe(shown), PATIENCE);
      pty.write('hello\r');
      await vi.waitFor(() => expect(printed).toMatch(/<hello>$/), PATIENCE);
      pty.resize(100, 30);
      await vi.waitFor(() => expect(printed).toMatch(/30 100\|/), PATIENCE);
      pty.write('end\r');
      expect(await pty.exit).toEqual({ code: 7, signal: null });
      const { notes } = transport.connection;
      if (row.note === null) expect(notes).toEqual([]);
      else expect(notes).toContainEqual(expect.stringMatching(row.note));
    },
  );
});

describe.skipIf(!findLabCapabilities().shells)('opencode itself', () => {
  it('is started and attached through a profile that has all of that', async () => {
    const transport = await connect('ssh2', 'everything');
    const host = aHost({ alias: 'everything', route: await resolver.resolve('everything', signal) });
    const limits = { signal, timeout: 20_000, enrich: true, mayStartOpencode: true, interaction: null };
    const snapshot = await new Prober(pools.ssh2, systemClock).probe(host, null, limits);
    const session = snapshot.sessions.find(({ title }) => title.startsWith('Cache the exchange'));
    if (session === undefined) throw new Error('the host has no such session');
    const opencodePath = snapshot.opencode.path;
    const { server, path } = await ensureOwnServer(
      transport,
      { opencodePath, mayStart: true, timeout: 60_000 },
      signal,
    );
    const { hostname, port } = server;
    const attach = {
      url: `http://${hostname}:${port}`,
      process: server,
      username: null,
      secret: { kind: 'file', path },
    } as const;
    const request = { columns: 100, rows: 30, term: 'xterm-256color' };
    const place = provenHost(transport, (command) => transport.pty(command, request, signal), request, signal);
    const script = attachScript(opencodePath, session, attach);
    const pty = await startProven(place, { script, mode: 'login', environment: {} });
    const screen = new xterm.Terminal({ cols: 100, rows: 30, allowProposedApi: true });
    screen.onData((answer) => pty.write(answer));
    pty.onData((chunk) => screen.write(chunk));
    const text = () =>
      Array.from({ length: 30 }, (_, row) => screen.buffer.active.getLine(row)?.translateToString(true)).join('\n');
    await vi.waitFor(() => expect(text()).toMatch(/cache them for an hour/), { timeout: 60_000, interval: 200 });
    pty.close();
    await stopServer(transport, server, { opencodePath, timeout: 60_000 }, signal);
    expect(transport.connection.notes).toEqual([expect.stringMatching(/on an ssh terminal/)]);
  });
});
