import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { findCacheRoot } from '../fleet/cache.ts';
import { installPackage, npmEnvironment } from '../fleet/npm-install.ts';

const run = promisify(execFile);
/** The oldest Node that package.json allows. */
const OLDEST_NODE = '22.12.0';

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: Packed;
let version: string;
let engines: { readonly node: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocr-package-'));
  // Without its scripts: `prepack` builds, and other tests are running the program that was built for them.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: packageRoot(), env: npmEnvironment() });
  packed = parsePacked(stdout);
  ({ version, engines } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Some versions of npm print a list, others a record by name. */
function parsePacked(json: string): Packed {
  const [first] = Object.values(JSON.parse(json) as Record<string, Packed>);
  if (first === undefined) throw new Error(`npm packed nothing: ${json}`);
  return first;
}

describe('the tarball', () => {
  it('holds the program, its licences and what it reads at run time, and no source maps', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...[
          'bin/ocr.js',
          'dist/ocr.js',
          'dist/verbs/run-verb.js',
          'dist/ssh-helper.js',
          'dist/THIRD-PARTY-LICENCES.txt',
        ],
        ...['LICENSE', 'README.md', 'package.json', 'remote-tui.example.yaml', 'themes/nightops.yaml'],
        ...['shims/oc-instances', 'shims/ocm-proof', 'shims/opencode-transcript', 'skills/ocr/SKILL.md'],
      ]),
    );
    expect(
      paths.filter((path) => !/^(bin|dist|dist\/verbs|docs|shims|skills\/ocr|themes)\/[^/]+$|^[^/]+$/.test(path)),
    ).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
  });
});

describe.each([
  ['the oldest Node that is allowed', OLDEST_NODE],
  ['the Node of the tests', null],
])('on %s', (_name, nodeVersion) => {
  let node: string;
  let prefix: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    node = nodeVersion === null ? process.execPath : await installNode(nodeVersion);
    prefix = join(folder, `prefix-${nodeVersion ?? 'own'}`);
    await mkdir(join(prefix, 'home'), { recursive: true });
    const path = `${dirname(node)}:${process.env.PATH}`;
    const install = ['install', '--global', '--prefix', prefix, '--prefer-offline', join(folder, packed.filename)];
    await run('npm', install, { cwd: folder, env: { ...npmEnvironment(), PATH: path } });
    environment = { PATH: `${prefix}/bin:${dirname(node)}:/usr/bin:/bin`, HOME: join(prefix, 'home'), LANG: 'C.UTF-8' };
  });

  const ocr = (...parameters: string[]) => run('ocr', parameters, { env: environment });

  it('npm installs little beside it', async () => {
    const { stdout } = await run(node, ['--version']);
    expect(stdout).toMatch(nodeVersion === null ? /^v\d+/ : new RegExp(`^v${nodeVersion}\n$`));
    const modules = join(prefix, 'lib/node_modules');
    expect((await readdir(modules)).filter((name) => name !== 'npm')).toEqual(['opencode-remote']);
    expect(await readdir(join(modules, 'opencode-remote/node_modules/@lydell'))).toContain('node-pty');
    expect(
      (await readdir(join(modules, 'opencode-remote/node_modules'))).filter((name) => !name.startsWith('.')),
    ).toEqual(['@lydell']);
  });

  it('the program shows its version and its help, and lists the hosts of a new user', async () => {
    expect(await ocr('--version')).toEqual({ stdout: `${version}\n`, stderr: '' });
    const help = await ocr('--help');
    expect(help.stdout).toContain('Usage: ocr');
    expect(help.stderr).toBe('');
    const hosts = await ocr('hosts', '--json');
    expect(hosts.stderr).toBe('');
    expect(JSON.parse(hosts.stdout)).toMatchObject([{ name: 'local', address: null }]);
  });

  it('a shim that is linked under an old name finds the program', async () => {
    await symlink(join(prefix, 'lib/node_modules/opencode-remote/shims/ocm-proof'), join(prefix, 'bin/ocm'));
    expect(await run('ocm', ['--version'], { env: environment })).toEqual({ stdout: `${version}\n`, stderr: '' });
  });

  it('the library for terminals, which is not bundled, has its binary for this machine', async () => {
    const library = join(prefix, 'lib/node_modules/opencode-remote/node_modules/@lydell/node-pty/index.js');
    const script = `const { spawn } = require(process.argv[1]); spawn('true', [], {}).onExit(({ exitCode }) => process.exit(exitCode))`;
    await run(node, ['-e', script, library], { env: environment });
  });
});

it('the oldest Node here is the one that package.json allows', () => {
  expect(engines.node).toBe(`>=${OLDEST_NODE}`);
});

function installNode(nodeVersion: string): Promise<string> {
  const find = async (folder: string) => {
    const path = join(folder, 'node_modules/node/bin/node');
    return existsSync(path) ? path : undefined;
  };
  return installPackage(join(findCacheRoot(), `node-${nodeVersion}`), `node@${nodeVersion}`, find, console.log);
}
