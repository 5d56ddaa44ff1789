import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { provenHost } from '../../src/opencode/proven-host.ts';
import { provenCommand } from '../../src/opencode/proven-script.ts';
import { BYPASS_PROXY_SCRIPT } from '../../src/opencode/proxy-script.ts';
import { startProven } from '../../src/opencode/start-proven.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { type Pty, TransportError } from '../../src/transport/transport.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const SIZE = { columns: 80, rows: 24, term: 'xterm' };

/** Starts a script on a real pty of this machine, with a home that has these files. */
async function start(shell: string, files: Readonly<Record<string, string>>, script: string) {
  const home = await makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  for (const name of ['HTTP_PROXY', 'NO_PROXY', 'no_proxy', 'ZDOTDIR', 'XDG_CONFIG_HOME', 'TMUX']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', home);
  vi.stubEnv('SHELL', shell);
  vi.stubEnv('SSH_TTY', '/dev/pts/99');
  onTestFinished(() => void vi.unstubAllEnvs());
  const notes: string[] = [];
  const { signal } = new AbortController();
  const host = {
    open: (command: string) => transport.pty(command, SIZE, signal),
    openPiped: async () => {
      throw new Error('unexpected');
    },
    note: (text: string) => void notes.push(text),
    memory: {},
  };
  const request = { script, mode: 'login', environment: { OCR_KNOWN: "it's known" } } as const;
  const started = startProven(host, request);
  return { started, notes };
}

async function printedBy(pty: Pty): Promise<string> {
  let printed = '';
  pty.onData((chunk) => {
    printed += chunk.toString();
  });
  await pty.exit;
  return printed;
}

const TELL = 'printf "%s|" "$FROM_PROFILE" "$SSH_TTY" "$OCR_SSH_TTY"; tty >/dev/null && echo tty';

const PROFILES = {
  bash: { file: '.bash_profile', set: 'export FROM_PROFILE=yes' },
  zsh: { file: '.zprofile', set: 'export FROM_PROFILE=yes' },
  fish: { file: '.config/fish/config.fish', set: 'set -gx FROM_PROFILE yes' },
  tcsh: { file: '.login', set: 'setenv FROM_PROFILE yes' },
  dash: { file: '.profile', set: 'export FROM_PROFILE=yes' },
  ksh93: { file: '.profile', set: 'export FROM_PROFILE=yes' },
} as const;
const shells = (Object.keys(PROFILES) as (keyof typeof PROFILES)[]).filter(isInstalled);
const pathOf = (name: string) =>
  spawnSync('sh', ['-c', `command -v ${name}`])
    .stdout.toString()
    .trim();

describe.each(shells)('a script that is started through %s', (name) => {
  const { file, set } = PROFILES[name];

  it('has the environment of the login, a terminal for its input, and nothing of the profile on its screen', async () => {
    const { started, notes } = await start(pathOf(name), { [file]: `echo Welcome\n${set}\n` }, TELL);
    expect(await printedBy(await started)).toBe('yes|/dev/pts/99||tty\r\n');
    expect(notes).toEqual([]);
  });

  it.skipIf(!isInstalled('zsh'))('runs in the shell that takes the place of it', async () => {
    const files = { [file]: 'exec zsh -l\n', '.zprofile': 'export FROM_PROFILE=zsh\n' };
    if (name === 'zsh') Object.assign(files, { '.zprofile': 'export FROM_PROFILE=zsh\nexec bash -l\n' });
    const { started, notes } = await start(pathOf(name), files, TELL);
    expect(await printedBy(await started)).toBe('zsh|/dev/pts/99||tty\r\n');
    expect(notes).toEqual([]);
  });

  it('starts without a profile that ends the shell, and notes it', async () => {
    const files = { [file]: `${set}\nexec sh -c 'exit 3'\n` };
    const { started, notes } = await start(pathOf(name), files, `echo "$OCR_KNOWN"; ${TELL}`);
    expect(await printedBy(await started)).toBe("it's known\r\n|/dev/pts/99||tty\r\n");
    expect(notes).toEqual([expect.stringContaining(`the profile of ${name} replaces or ends the shell`)]);
    expect(notes[0]).toContain(name === 'tcsh' ? '.login' : file);
  });
});

describe.skipIf(!isInstalled('bash'))('a profile of bash', () => {
  it.skipIf(!isInstalled('tmux'))('that starts tmux on a terminal of ssh has none to start it on', async () => {
    const profile = 'export FROM_PROFILE=yes\n[ -n "$SSH_TTY" ] && exec tmux -L ocr-test new -A -s main\n';
    const { started, notes } = await start('/bin/bash', { '.bash_profile': profile }, TELL);
    expect(await printedBy(await started)).toBe('yes|/dev/pts/99||tty\r\n');
    expect(notes).toEqual([]);
  });

  it('that takes the whole screen is left out at once', async () => {
    const profile = `printf '\\033[?1049h'; exec sleep 60 </dev/tty\n`;
    const { started, notes } = await start('/bin/bash', { '.bash_profile': profile }, TELL);
    expect(await printedBy(await started)).toBe('|/dev/pts/99||tty\r\n');
    expect(notes).toEqual([expect.stringContaining('starts another program in place of the shell')]);
  });

  it('that is in the way is not tried again on the same connection', async () => {
    const home = await makeTempDir();
    await writeFile(join(home, '.bash_profile'), 'echo started >>~/profile; exit\n');
    const transport = new LocalTransport();
    onTestFinished(() => transport.close());
    vi.stubEnv('HOME', home);
    vi.stubEnv('SHELL', '/bin/bash');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { signal } = new AbortController();
    const request = { script: 'echo in', mode: 'login', environment: {} } as const;
    for (let time = 0; time < 3; time += 1) {
      const host = provenHost(transport, (command) => transport.pty(command, SIZE, signal), SIZE, signal);
      expect(await printedBy(await startProven(host, request))).toBe('in\r\n');
    }
    expect(await readFile(join(home, 'profile'), 'utf8')).toBe('started\n');
    expect(transport.connection.notes).toHaveLength(1);
  });

  it('that asks something on the terminal is left out after a while', async () => {
    const profile = 'printf "Unlock? "; read x </dev/tty\n';
    const { started, notes } = await start('/bin/bash', { '.bash_profile': profile }, TELL);
    expect(await printedBy(await started)).toBe('|/dev/pts/99||tty\r\n');
    expect(notes).toEqual([expect.stringContaining('does not finish')]);
  }, 20_000);

  it('that reads its input has something to read', async () => {
    const { started } = await start('/bin/bash', { '.bash_profile': 'read x; head -c 10000 >/dev/null\n' }, TELL);
    expect(await printedBy(await started)).toBe('|/dev/pts/99||tty\r\n');
  });
});

it('a script that cannot be started says why, with the last words of the host', async () => {
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  const { signal } = new AbortController();
  const open = () => transport.pty("echo 'This account is not available.'; exit 1", SIZE, signal);
  const host = {
    open,
    openPiped: async () => {
      throw new TransportError('no-shell', 'not that way either');
    },
    note: () => {},
    memory: {},
  };
  const request = { script: ':', mode: 'login', environment: {} } as const;
  await expect(startProven(host, request)).rejects.toMatchObject({
    ...{ kind: 'no-shell', message: 'This account is not available.' },
    hint: expect.stringContaining('the profile replaces or ends the shell'),
  });
});

describe.each(['dash', 'bash', 'ksh93', 'mksh', 'busybox'].filter(isInstalled))(
  'going round a proxy in %s',
  (shell) => {
    const [program = '', ...words] = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
    const LOCAL = '127.0.0.1,localhost,::1';
    it.each([
      ['no proxy', {}, '|'],
      ['no proxy, but exceptions', { NO_PROXY: 'x' }, 'x|'],
      ['a proxy', { HTTP_PROXY: 'http://p' }, `${LOCAL}|${LOCAL}`],
      ['a lower-case one', { all_proxy: 'socks://p' }, `${LOCAL}|${LOCAL}`],
      ['exceptions', { https_proxy: 'p', NO_PROXY: 'a,b', no_proxy: 'c' }, `a,b,${LOCAL}|c,${LOCAL}`],
      ['exceptions by one name', { http_proxy: 'p', no_proxy: '.corp' }, `.corp,${LOCAL}|.corp,${LOCAL}`],
      ['an exception of all', { ALL_PROXY: 'p', NO_PROXY: '*' }, '*|*'],
    ])('with %s', (_name, env, expected) => {
      const script = `${BYPASS_PROXY_SCRIPT}\nprintf '%s|%s' "$NO_PROXY" "$no_proxy"`;
      const { stdout } = spawnSync(program, [...words, '-c', script], { env: { PATH: process.env.PATH, ...env } });
      expect(stdout.toString()).toBe(expected);
    });
  },
);

/** The script in a command line of `portableScript`. */
function decode(line: string): string {
  const encoded = /"\$\(printf "(.*)"\)"'$/.exec(line)?.[1] ?? '';
  const bytes = encoded.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

it.skipIf(!isInstalled('shellcheck')).each(['login', 'plain'] as const)(
  'the script of a %s start passes shellcheck',
  (way) => {
    const request = { script: ':', mode: 'login', environment: { A: 'b c' } } as const;
    const input = `#!/bin/sh\n${decode(provenCommand(request, { word: 'abc' }, way))}`;
    expect(input).toContain('no_proxy');
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC1003,SC2016,SC2153', '-'], { input });
    expect(status, stdout.toString()).toBe(0);
  },
);
