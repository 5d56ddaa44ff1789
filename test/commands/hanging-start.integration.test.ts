import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const PROGRAM = join(packageRoot(), 'bin', 'ocr.js');

/** Numbers of the processes of the program that read this file. */
function pidsReading(file: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return program.endsWith('node') && rest.includes(file);
    } catch {
      return false;
    }
  });
}

it.each<[string, (pty: ChildProcess, pid: number) => void]>([
  ['Ctrl-C', (pty) => void pty.stdin?.write('\u0003')],
  ['SIGTERM', (_pty, pid) => void process.kill(pid, 'SIGTERM')],
])('a start that waits for a file for ever is ended by %s', async (_name, end) => {
  const folder = await makeTempDir();
  const file = join(folder, 'ssh_config');
  execFileSync('mkfifo', [file]);
  const pty = spawn('script', ['-qfc', `${process.execPath} ${PROGRAM} --ssh-config ${file}`, '/dev/null'], {
    env: { ...process.env, HOME: folder, XDG_CACHE_HOME: '', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    for (const pid of pidsReading(file)) process.kill(pid, 'SIGKILL');
    pty.kill('SIGKILL');
  });
  const ended = once(pty, 'exit');
  // It asks the terminal for its background once it has the keys.
  let output = '';
  pty.stdout?.on('data', (text) => {
    output += String(text);
  });
  await expect.poll(() => output).toContain('\u001b[c');
  const [pid = 0] = pidsReading(file);
  end(pty, pid);
  await ended;
  expect(pidsReading(file)).toEqual([]);
});
