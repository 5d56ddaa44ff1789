import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CloneRequest, checkClone, cloneOnHost } from '../../src/opencode/git-clone.ts';
import { importSession } from '../../src/opencode/import-session.ts';
import { enterFolder, listFolders } from '../../src/opencode/list-folders.ts';
import { cloneDirectory, directoryFault } from '../../src/operations/clone/clone-place.ts';
import { gitUrlFault } from '../../src/operations/clone/git-url.ts';
import { anExport } from '../actions/fleet/delete/an-export.ts';
import { transportOf } from '../actions/fleet/delete/opencode-host.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const run = promisify(execFile);
const { signal } = new AbortController();
const LIMITS = { signal, timeout: 20_000 };

/**
 * Text that a careless program would run, split, expand or take for an option. Each would leave a file named canary.
 */
const TEXTS = [
  `it's`,
  'a "b" c',
  '$(touch canary)',
  '`touch canary`',
  '$IFS; touch canary',
  "'; touch canary; '",
  '"; touch canary; "',
  'x\ntouch canary',
  'x\r\ntouch canary',
  '-rf',
  '--help',
  '--upload-pack=touch canary',
  'ext::touch canary',
  'ext::sh -c touch% canary',
  '-oProxyCommand=touch canary',
  '*?[a-z]',
  '~root',
  '!!',
  '#canary',
  'back\\slash\\',
  '\u001b[31mred',
  'ü 😀 \u202egnp',
  '%s%n\\0101',
];

async function aHost() {
  const home = await realpath(await makeTempDir('ocr-hostile'));
  // A configuration there allows protocols that must not be used.
  await writeFile(join(home, '.gitconfig'), '[protocol "ext"]\n\tallow = always\n');
  const shell = { HOME: home, PATH: process.env.PATH ?? '', SHELL: '/bin/bash', TMPDIR: home };
  const transport = transportOf(shell);
  onTestFinished(() => transport.close());
  /** The files that a command could have left. */
  const canaries = async () => {
    const { stdout } = await run('find', [
      home,
      process.cwd(),
      '-maxdepth',
      '3',
      '-name',
      'canary',
      '-not',
      '-path',
      '*/node_modules/*',
    ]);
    return stdout.split('\n').filter((line) => line !== '');
  };
  return { home, transport, canaries };
}

it('is seen when a command runs', async () => {
  const { home, transport, canaries } = await aHost();
  const limits = { signal, idleTimeout: 20_000, maxBytes: 10_000 };
  await transport.exec(`cd '${home}'; echo $(touch canary)`, limits);
  expect(await canaries()).toEqual([join(home, 'canary')]);
});

describe.each(TEXTS)('%j runs no command', (text) => {
  it('as the URL of a repository: it is cloned, or refused with a reason', async () => {
    const { home, transport, canaries } = await aHost();
    const source = join(home, 'source', text);
    await mkdir(source, { recursive: true });
    await run('git', ['init', '-q', '--bare', '.'], { cwd: source });
    // By itself, and as the path in one that is allowed.
    for (const url of [text, `file://${source}`]) {
      const request: CloneRequest = { url, directory: '~/clone', depth: null };
      const outcome = await cloneOnHost(transport, request, () => {}, signal).catch(String);
      if (url === text) {
        expect(gitUrlFault(text)).toEqual(expect.any(String));
        expect(outcome).toMatch(/fatal|error|usage/i);
      } else if (gitUrlFault(url) === null) {
        expect(outcome).toBe(join(home, 'clone'));
      }
      await run('rm', ['-rf', join(home, 'clone')]);
    }
    expect((await readdir(home)).filter((name) => name.includes('.ocr-'))).toEqual([]);
    expect(await canaries()).toEqual([]);
  });

  it('as a folder to clone into, to list, and to make', async () => {
    const { home, transport, canaries } = await aHost();
    const source = join(home, 'source');
    await mkdir(source);
    await run('git', ['init', '-q', '--bare', '.'], { cwd: source });
    const url = `file://${source}`;
    const directory = cloneDirectory(`~/${text}`, url);
    const request: CloneRequest = { url, directory, depth: null };
    if (directoryFault(`~/${text}`) === null) {
      expect(await checkClone(transport, request, 20_000, signal)).toBe(join(home, text));
      expect(await cloneOnHost(transport, request, () => {}, signal)).toBe(join(home, text));
      expect(await readdir(join(home, text))).toContain('.git');
    } else {
      expect(text).toMatch(/\p{Cc}/u);
      await mkdir(join(home, text));
    }
    const { folders } = await listFolders(transport, `~/${text}`, LIMITS);
    expect(folders).toEqual([`~/${text}/`]);
    const inner = join(home, text, 'made', text);
    expect(await enterFolder(transport, inner, true, LIMITS)).toBe(inner);
    expect(await readdir(join(home, text, 'made'))).toEqual([text]);
    expect(await canaries()).toEqual([]);
  });

  it('as title and directory of a session that is brought back', async () => {
    const { home, transport, canaries } = await aHost();
    const directory = join(home, text);
    await mkdir(directory);
    const program = join(home, 'opencode');
    const script = `#!/bin/sh\n[ "$#" = 2 ] && [ "$1" = import ] && cp "$2" '${home}/got' && pwd -P >'${home}/where'\n`;
    await writeFile(program, script, { mode: 0o755 });
    const session = anExport({ id: text, title: text, directory });
    await importSession(transport, session, { opencodePath: program, timeout: 20_000 }, signal);
    expect(JSON.parse(await readFile(join(home, 'got'), 'utf8'))).toEqual(JSON.parse(session.text));
    expect(await readFile(join(home, 'where'), 'utf8')).toBe(`${directory}\n`);
    expect((await readdir(home)).filter((name) => name.startsWith('ocr-import'))).toEqual([]);
    expect(await canaries()).toEqual([]);
  });
});
