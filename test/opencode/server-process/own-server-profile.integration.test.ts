import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureOwnServer, type OwnServer } from '../../../src/opencode/server-process/own-server.ts';
import { FakeOpencode, LISTENS } from '../../support/fake-opencode.ts';
import { isInstalled } from '../../support/programs.ts';

const { signal } = new AbortController();
const pathOf = (name: string) =>
  spawnSync('sh', ['-c', `command -v ${name}`])
    .stdout.toString()
    .trim();

/** Starts ocr's own server in a home with these files and gives what it sees of its environment. */
async function start(shell: string, files: Readonly<Record<string, string>>) {
  const opencode = await FakeOpencode.create(
    `${LISTENS}require('node:fs').writeFileSync('environment', JSON.stringify(process.env));`,
  );
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(opencode.home, name)), { recursive: true });
    await writeFile(join(opencode.home, name), text);
  }
  const notes: string[] = [];
  const base = opencode.host(
    `SHELL=${pathOf(shell)}; export SHELL; unset ZDOTDIR XDG_CONFIG_HOME HTTP_PROXY NO_PROXY no_proxy`,
  );
  const host = { ...base, note: (text: string) => void notes.push(text) };
  const own: OwnServer = await ensureOwnServer(
    host,
    { opencodePath: opencode.program, mayStart: true, timeout: 30_000 },
    signal,
  );
  onTestFinished(() => {
    try {
      process.kill(own.server.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  const environment: Record<string, string> = JSON.parse(await readFile(join(opencode.home, 'environment'), 'utf8'));
  return { own, notes, environment, starts: await opencode.starts() };
}

const PROFILES = {
  bash: { file: '.bash_profile', set: 'export FROM_PROFILE=yes' },
  zsh: { file: '.zprofile', set: 'export FROM_PROFILE=yes' },
  fish: { file: '.config/fish/config.fish', set: 'set -gx FROM_PROFILE yes' },
  tcsh: { file: '.login', set: 'setenv FROM_PROFILE yes' },
  dash: { file: '.profile', set: 'export FROM_PROFILE=yes' },
} as const;
const shells = (Object.keys(PROFILES) as (keyof typeof PROFILES)[]).filter(isInstalled);

describe.each(shells)("ocr's own server through %s", (shell) => {
  const { file, set } = PROFILES[shell];

  it('has the environment of the login, and reaches itself past a proxy', async () => {
    const proxy =
      shell === 'fish'
        ? 'set -gx HTTP_PROXY http://p'
        : shell === 'tcsh'
          ? 'setenv HTTP_PROXY http://p'
          : 'export HTTP_PROXY=http://p';
    const { own, notes, environment } = await start(shell, { [file]: `echo Welcome\n${set}\n${proxy}\n` });
    expect(own.started).toBe(true);
    expect(environment).toMatchObject({ FROM_PROFILE: 'yes', NO_PROXY: '127.0.0.1,localhost,::1' });
    expect(environment).not.toHaveProperty('OCR_SERVER_BEGUN');
    expect(notes).toEqual([]);
  });

  it.skipIf(!isInstalled('zsh'))('runs in the shell that takes the place of it', async () => {
    const files =
      shell === 'zsh'
        ? { '.zprofile': 'exec bash -l\n', '.bash_profile': 'export FROM_PROFILE=other\n' }
        : { [file]: 'exec zsh -l\n', '.zprofile': 'export FROM_PROFILE=other\n' };
    const { notes, environment, starts } = await start(shell, files);
    expect(environment.FROM_PROFILE).toBe('other');
    expect({ notes, starts }).toEqual({ notes: [], starts: 1 });
  });

  it('starts without a profile that replaces the shell, and notes it', async () => {
    const { notes, environment, starts } = await start(shell, { [file]: `${set}\nexec sh -c 'exit 3'\n` });
    expect(environment.FROM_PROFILE).toBeUndefined();
    expect(starts).toBe(1);
    expect(notes).toEqual([
      expect.stringContaining(
        `the profile of ${shell} replaces or ends the shell; ocr's server was started without it`,
      ),
    ]);
  });
});

it.skipIf(!isInstalled('fish'))('a fish that takes the place of bash runs the server', async () => {
  const files = { '.bash_profile': 'exec fish\n', '.config/fish/config.fish': 'set -gx FROM_PROFILE fish\n' };
  const { notes, environment } = await start('bash', files);
  expect(environment.FROM_PROFILE).toBe('fish');
  expect(notes).toEqual([]);
});

it.each([
  ['waits for ever', 'sleep 600\n', /does not finish/],
  ['starts tmux', 'exec tmux new -A -s main\n', /replaces or ends the shell/],
])('a profile of bash that %s is left out', async (_what, text, note) => {
  const { notes, starts } = await start('bash', { '.bash_profile': text });
  expect(starts).toBe(1);
  expect(notes).toEqual([expect.stringMatching(note)]);
});
