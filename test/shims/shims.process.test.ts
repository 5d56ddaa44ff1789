import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const SHIMS = join(packageRoot(), 'shims');
const PATH = '/usr/bin:/bin';
/** Prints each argument and the variables that shims set, all ended by NUL. */
const RECORDER = `#!/bin/sh\nprintf '%s\\0' "$OPENCODE_BASE_URL" "$OPENCODE_INSTANCES_CONFIG" "$@"\n`;

/** Copies a shim to a folder without the package, where `ocr` of PATH records how it is called. */
async function copyShim(name: string) {
  const folder = await makeTempDir();
  await copyFile(join(SHIMS, name), join(folder, name));
  await writeFile(join(folder, 'ocr'), RECORDER);
  await chmod(join(folder, 'ocr'), 0o755);
  return (parameters: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd = folder) => {
    const env = { PATH: `${folder}:${PATH}`, ...environment };
    const { status, stdout, stderr } = spawnSync(join(folder, name), parameters, { env, cwd, encoding: 'utf8' });
    const [url = '', instances = '', ...args] = stdout.split('\0').slice(0, -1);
    return { status, stderr, url, instances, args, folder };
  };
}

const word = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
const texts = fc.array(fc.oneof(word, fc.constantFrom('a b', "it's", '"$HOME"', '\n', '*', '--', '-e', '\\n')), {
  maxLength: 5,
});

describe('the shims', () => {
  it.skipIf(!isInstalled('shellcheck'))('pass shellcheck', async () => {
    const files = (await readdir(SHIMS)).map((name) => join(SHIMS, name));
    expect(files).toHaveLength(3);
    expect(spawnSync('shellcheck', files, { encoding: 'utf8' }).stdout).toBe('');
  });

  it('find the program of their package through a chain of links, whatever is called ocr in PATH', async () => {
    const folder = await makeTempDir("it's here");
    await mkdir(join(folder, 'bin'));
    await symlink(join(SHIMS, 'ocm-proof'), join(folder, 'first'));
    await symlink('../first', join(folder, 'bin', 'ocm'));
    await symlink(process.execPath, join(folder, 'bin', 'node'));
    await writeFile(join(folder, 'bin', 'ocr'), '#!/bin/sh\necho another\n');
    await chmod(join(folder, 'bin', 'ocr'), 0o755);
    const env = { PATH: `${join(folder, 'bin')}:${PATH}`, HOME: folder };
    const { stdout } = spawnSync('ocm', ['--version'], { env, encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('hand on any argument as it is', async () => {
    const [oc, ocm, transcript] = await Promise.all(['oc-instances', 'ocm-proof', 'opencode-transcript'].map(copyShim));
    fc.assert(
      fc.property(texts, (given) => {
        expect(oc!(['dev', 'prompt', 'ses_1', ...given]).args).toEqual(['prompt', '--on', 'dev', 'ses_1', ...given]);
        expect(ocm!(['chat', 'ses_1', ...given]).args).toEqual(['chat', 'ses_1', ...given]);
        expect(transcript!(given).args).toEqual(['transcript', ...given]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('oc', () => {
  it.each([
    [['instances'], ['instances']],
    [['sync'], ['sync']],
    [
      ['sync', '--json'],
      ['sync', '--json'],
    ],
    [
      ['sync', 'dev', '--json'],
      ['sync', '--on', 'dev', '--json'],
    ],
    [
      ['status', 'sessions', '--limit', '3'],
      ['sessions', '--on', 'status', '--limit', '3'],
    ],
    [['--version'], ['--version']],
  ])('%j', async (given, expected) => {
    expect((await copyShim('oc-instances'))(given).args).toEqual(expected);
  });

  it.each([[[]], [['dev']], [['dev', '--yolo']], [['--readonly']]])('is told of a wrong use: %j', async (given) => {
    const { status, stderr, args } = (await copyShim('oc-instances'))(given);
    expect({ status, args }).toEqual({ status: 2, args: [] });
    expect(stderr).toMatch(/^usage: oc /);
  });

  it('takes instances.json from beside the link, and none from the working directory', async () => {
    const oc = await copyShim('oc-instances');
    const elsewhere = await makeTempDir();
    await writeFile(join(elsewhere, 'instances.json'), '{}');
    expect(oc(['instances'], {}, elsewhere).instances).toBe('');
    const { folder } = oc(['instances']);
    await writeFile(join(folder, 'instances.json'), '{}');
    expect(oc(['instances'], {}, elsewhere).instances).toBe(join(folder, 'instances.json'));
    expect(oc(['instances'], { OPENCODE_INSTANCES_CONFIG: '/a file' }).instances).toBe('/a file');
  });
});

describe('ocm', () => {
  it('translates the names of options, up to --', async () => {
    const ocm = await copyShim('ocm-proof');
    const given = ['wait', 'ses_1', '--timeout-sec', '5', '--quiet-sec=0.5', '--json', '--', '--quiet-sec'];
    const args = ['wait', 'ses_1', '--timeout', '5', '--quiet-for=0.5', '--json', '--', '--quiet-sec'];
    expect(ocm(given)).toMatchObject({ args, url: 'http://127.0.0.1:4096' });
    expect(ocm(['doctor'], { OPENCODE_BASE_URL: 'https://dev.example.org' }).url).toBe('https://dev.example.org');
  });

  it.each([[[]], [['dashboard']], [['--readonly']]])('is told of a wrong use: %j', async (given) => {
    const { status, stderr, args } = (await copyShim('ocm-proof'))(given);
    expect({ status, args }).toEqual({ status: 2, args: [] });
    expect(stderr).toMatch(/^usage: ocm /);
  });
});
