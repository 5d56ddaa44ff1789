import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../support/fleet-program.ts';

const VERBS = ['hosts', 'sessions --json', '--help'] as const;

let home: string;
let files: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ocr-output-'));
  await mkdir(join(home, '.ssh'));
  await writeFile(join(home, '.ssh/config'), 'Host far\n  HostName 127.0.0.1\n  Port 1\n');
  files = `--config ${join(home, 'config.yaml')} --ssh-config ${join(home, '.ssh/config')}`;
  await writeFile(join(home, 'config.yaml'), 'polling: {timeout: 5s}\n');
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs the program in a shell that redirects it, and gives what became of it. */
function run(
  verb: string,
  redirection: string,
  before = '',
): Promise<{ status: number; stdout: string; stderr: string }> {
  const command = `${before} "$NODE" "$OCR" ${verb} ${verb === '--help' ? '' : files} ${redirection}`;
  const environment = { PATH: process.env.PATH, HOME: home, NODE: process.execPath, OCR: program, LANG: 'C.UTF-8' };
  return new Promise((resolve) => {
    execFile('bash', ['-c', command], { env: environment, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Messages about the output itself; failures of hosts are on lines of their own. */
const about = (stderr: string) => stderr.split('\n').filter((line) => line !== '' && !/^ocr: (far|local): /.test(line));

describe.each(VERBS)('ocr %s', (verb) => {
  it('ends with one line of words and status 1 on a full disk', async () => {
    const { status, stderr } = await run(verb, '>/dev/full');
    expect(about(stderr)).toEqual(['ocr: the output cannot be written: ENOSPC: no space left on device, write']);
    expect(status).toBe(1);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { status, stderr } = await run(verb, '| head -c 1', 'set -o pipefail;');
    expect(about(stderr)).toEqual([]);
    expect(status).toBe(0);
  });

  it('does not mind a closed stdout, a closed or full stderr', async () => {
    expect(await run(verb, '>&-')).toMatchObject({ status: 0, stdout: '' });
    for (const redirection of ['2>&-', '2>/dev/full']) {
      const { status, stdout } = await run(verb, redirection);
      expect(stdout).not.toBe('');
      expect(status).toBe(0);
    }
  });
});

it('says so when a disk takes only a part of it', async () => {
  // No file may be larger than a block of 1024 bytes.
  await writeFile(join(home, 'part'), 'x'.repeat(1000));
  const { status, stderr } = await run('--help', `>>${join(home, 'part')}`, 'ulimit -f 1;');
  expect(stderr).toBe('ocr: the output cannot be written: EFBIG: file too large, write\n');
  expect(status).toBe(1);
});

it('keeps stdout and a pipe on stderr free of progress', async () => {
  const { stdout, stderr } = await run('hosts --json', '');
  expect(JSON.parse(stdout)).toHaveLength(2);
  expect(stderr).not.toMatch(/asking|\u001b/);
});
