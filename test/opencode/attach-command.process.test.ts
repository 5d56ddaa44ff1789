import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { quoteArgument } from '../../src/lib/shell-quote.ts';
import {
  type AttachServer,
  attachScript,
  continueCommand,
  DIRECTORY_GONE,
  NO_PASSWORD,
  PASSWORD_ASKED,
  PASSWORD_TAKEN,
  PROGRAM_STARTS,
  SERVER_NOT_PROVEN,
} from '../../src/opencode/attach-command.ts';
import { throughLoginShell } from '../../src/opencode/login-shell.ts';
import { AnnouncedPty } from '../../src/transport/announced-pty.ts';
import { AnsweredPty } from '../../src/transport/answered-pty.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const attachCommand = (...parts: Parameters<typeof attachScript>) => throughLoginShell(attachScript(...parts));

/** A folder with an opencode that writes down its folder and arguments, each ended by NUL, and exits with 7. */
async function makeProgram(folder: string): Promise<{ program: string; log: string }> {
  const program = join(folder, "it's $(opencode)");
  const log = join(folder, 'log');
  await writeFile(program, `#!/bin/sh\nprintf '%s\\0' "$PWD" "$@" > "$OCR_TEST_LOG"\nexit 7\n`, { mode: 0o755 });
  return { program, log };
}

const NAMES = ["it's $(touch pwned) `id`", 'a "b" \\c', '-rf', 'Grüße 世界 😀', 'new\nline', '!! %s * ?', ' '];
/** This process as the server, on a port that it listens on. */
const listener = { pid: process.pid, startId: '', hostname: '127.0.0.1', port: 0 };
const tcp = createServer();
beforeAll(async () => {
  tcp.listen(0, listener.hostname);
  await once(tcp, 'listening');
  const stat = await readFile('/proc/self/stat', 'utf8');
  listener.startId = /^.*\) (?:\S+ ){19}(\d+)/.exec(stat)?.[1] ?? '';
  listener.port = (tcp.address() as AddressInfo).port;
});
afterAll(() => void tcp.close());

const shells = ['sh', 'bash', 'zsh', 'fish', 'dash'].filter(isInstalled);

describe.each(shells)('attaching from %s', (shell) => {
  it.each(NAMES)('runs opencode in the folder %j with the session as it is', async (name) => {
    const home = await realpath(await makeTempDir());
    const { program, log } = await makeProgram(home);
    const directory = join(home, name);
    await mkdir(directory);
    const id = `ses_$(id) '"`;
    const line = attachCommand(program, { id, directory });
    for (const login of ['/bin/bash', '/bin/false', '']) {
      const env = { PATH: process.env.PATH, HOME: home, SHELL: login, OCR_TEST_LOG: log };
      const { status } = spawnSync(shell, ['-c', line], { env, cwd: '/' });
      expect(status).toBe(7);
      expect((await readFile(log, 'utf8')).split('\0')).toEqual([directory, '--session', id, '']);
      await writeFile(log, '');
    }
  });

  it('says by its exit status that the folder is gone', async () => {
    const home = await makeTempDir();
    const { program, log } = await makeProgram(home);
    const line = attachCommand(program, { id: 'ses_1', directory: join(home, 'gone') });
    for (const login of ['/bin/bash', '/bin/false']) {
      const env = { PATH: process.env.PATH, HOME: home, SHELL: login, OCR_TEST_LOG: log };
      expect(spawnSync(shell, ['-c', line], { env }).status).toBe(DIRECTORY_GONE);
    }
    await expect(readFile(log)).rejects.toThrow();
  });
});

describe.each(shells)('attaching to a server from %s', (shell) => {
  const secret = 'a1b2c3d4';

  /** An opencode that records its arguments and its environment. */
  async function makeAttach(): Promise<{ program: string; home: string; read: () => Promise<string[]> }> {
    const home = await realpath(await makeTempDir());
    const program = join(home, 'opencode');
    const log = join(home, 'log');
    const lines = [
      '#!/bin/sh',
      // As the runtime inside opencode.
      `[ -z "$BUN_BE_BUN" ] || exec ${quoteArgument(process.execPath)} "$@"`,
      `printf '%s\\0' "$PWD" "$@" "user=$OPENCODE_SERVER_USERNAME" "password=$OPENCODE_SERVER_PASSWORD" >"$HOME/log"`,
      `tr '\\0' ' ' </proc/$$/cmdline >"$HOME/seen"`,
      'exit 7',
    ];
    await writeFile(program, lines.join('\n'), { mode: 0o755 });
    return { program, home, read: async () => (await readFile(log, 'utf8')).split('\0').slice(0, -1) };
  }

  const aServer = (changes: Partial<AttachServer>): AttachServer => ({
    url: "http://[::1]:4096/it's $(id)",
    username: null,
    secret: null,
    process: listener,
    ...changes,
  });

  const run = (line: string, home: string, login: string) =>
    spawnSync(shell, ['-c', line], { env: { PATH: process.env.PATH, HOME: home, SHELL: login }, cwd: '/' });

  it('gives the address, the directory and the session as they are', async () => {
    const { program, home, read } = await makeAttach();
    const directory = join(home, "$(touch pwned) 'x'");
    await mkdir(directory);
    const line = attachCommand(program, { id: 'ses_1', directory }, aServer({ username: "o'brien" }));
    for (const login of ['/bin/bash', '/bin/false']) {
      expect(run(line, home, login).status).toBe(7);
      const expected = [directory, 'attach', "http://[::1]:4096/it's $(id)", '--dir', directory, '--session', 'ses_1'];
      expect(await read()).toEqual([...expected, "user=o'brien", 'password=']);
    }
  });

  it.each([
    ['on one line', `{"version":1,"password":"${secret}","port":3}`],
    ['on lines of their own', `{\n  "version": 1,\n  "password": "${secret}",\n  "port": 3\n}\n`],
  ])('gives the password of a file by the environment alone, with its facts %s', async (_name, text) => {
    const { program, home, read } = await makeAttach();
    const path = join(home, "it's $(id).json");
    await writeFile(path, text, { mode: 0o600 });
    const server = aServer({ secret: { kind: 'file', path } });
    const line = attachCommand(program, { id: 'ses_1', directory: home }, server);
    expect(line).not.toContain(secret);
    for (const login of ['/bin/bash', '/bin/false']) {
      expect(run(line, home, login).status).toBe(7);
      expect((await read()).slice(-2)).toEqual(['user=', `password=${secret}`]);
      expect(await readFile(join(home, 'seen'), 'utf8')).not.toContain(secret);
    }
  });

  it.each(['{}', '{"password":""}', '{"password":"a\\"b"}', null])(
    'says that a file of %j holds no password',
    async (text) => {
      const { program, home, read } = await makeAttach();
      const path = join(home, 'server.json');
      if (text !== null) await writeFile(path, text);
      const line = attachCommand(program, { id: 's', directory: home }, aServer({ secret: { kind: 'file', path } }));
      expect(run(line, home, '/bin/false').status).toBe(NO_PASSWORD);
      await expect(read()).rejects.toThrow();
    },
  );

  it('asks for a password that is known here, and has it nowhere but in the environment', async () => {
    const { program, home, read } = await makeAttach();
    const password = `p "a's" $s \\w*ö`;
    const server = aServer({ secret: { kind: 'value', password } });
    const line = attachCommand(program, { id: 's', directory: home }, server);
    expect(line).not.toContain(password);
    const transport = new LocalTransport();
    onTestFinished(() => transport.close());
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());
    const command = `exec ${shell} -c ${quoteArgument(line)}`;
    const pty = await transport.pty(command, { columns: 80, rows: 24, term: 'dumb' }, new AbortController().signal);
    let all = '';
    const answered = new AnsweredPty(pty, { asks: PASSWORD_ASKED, taken: PASSWORD_TAKEN, answer: password });
    pty.onData((chunk) => {
      all += chunk.toString('utf8');
    });
    let printed = '';
    const announced = new AnnouncedPty(answered, PROGRAM_STARTS);
    announced.onData((chunk) => {
      printed += chunk.toString('utf8');
    });
    expect((await announced.exit).code).toBe(7);
    expect(announced.pid).toBeGreaterThan(1);
    expect((await read()).at(-1)).toBe(`password=${password}`);
    expect(await readFile(join(home, 'seen'), 'utf8')).not.toContain(password);
    expect(all).not.toContain(password);
    expect(printed).toBe('');
  });

  it.each([
    ['has ended', { startId: '1' }, /^process \d+ has ended$/],
    ['listens elsewhere', { port: 1 }, /^its process does not listen there$/],
  ])('starts nothing for a server that %s, and says so', async (_name, changes, why) => {
    const { program, home } = await makeAttach();
    const server = aServer({ process: { ...listener, ...changes }, secret: { kind: 'value', password: secret } });
    const { status, stdout } = run(attachCommand(program, { id: 's', directory: home }, server), home, '/bin/bash');
    expect(status).toBe(SERVER_NOT_PROVEN);
    expect(stdout.toString().trim()).toMatch(why);
    await expect(readFile(join(home, 'log'))).rejects.toThrow();
  });

  it('asks for no password where there is no terminal to hide it', async () => {
    const { program, home } = await makeAttach();
    const server = aServer({ secret: { kind: 'value', password: secret } });
    const { status } = run(attachCommand(program, { id: 's', directory: home }, server), home, '/bin/false');
    expect(status).toBe(NO_PASSWORD);
  });
});

describe.each(shells)('continuing a stopped program from %s', (shell) => {
  it('has its whole group go on, or it alone', async () => {
    for (const detached of [true, false]) {
      const child = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { detached, stdio: ['ignore', 'pipe', 'ignore'] });
      const [first] = await once(child.stdout, 'data');
      const pids = detached ? [child.pid ?? 0, Number(first)] : [child.pid ?? 0];
      onTestFinished(() => {
        for (const pid of [child.pid ?? 0, Number(first)]) process.kill(pid, 'SIGKILL');
      });
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await vi.waitFor(() => expect(pids.map(stateOf)).toEqual(pids.map(() => 'T')));
      expect(spawnSync(shell, ['-c', continueCommand(child.pid ?? 0)]).status).toBe(0);
      await vi.waitFor(() => expect(pids.map(stateOf)).toEqual(pids.map(() => 'S')));
    }
  });
});

function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.slice(0, 1);
}
