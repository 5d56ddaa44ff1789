import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { walkSshConfig } from '../../src/discovery/ssh-config-walk.ts';
import { createSshResolver, type SshResolver } from '../../src/discovery/ssh-resolver.ts';
import type { Route, SshOptions } from '../../src/domain/host.ts';
import { askForControlPath, askForKeys, askSsh, hasSsh } from './corpus/ask-ssh.ts';
import { blocks } from './corpus/blocks.ts';
import { expectedOptions, printedFiles } from './corpus/expected-options.ts';
import { includes } from './corpus/includes.ts';
import { names } from './corpus/names.ts';
import { paths } from './corpus/paths.ts';
import type { Snippet } from './corpus/snippet.ts';
import { values } from './corpus/values.ts';

const snippets = [...names, ...blocks, ...includes, ...paths, ...values];
const signal = AbortSignal.timeout(60_000);
let root = '';

const configOf = (snippet: Snippet) => join(root, `${snippets.indexOf(snippet)}.config`);

/** Modes matter: ssh reads no included file that others may write to. */
async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text.replaceAll('ROOT', root), { mode: 0o600 });
}

async function open(
  snippet: Snippet,
): Promise<{ resolver: SshResolver; walk: Awaited<ReturnType<typeof walkSshConfig>> }> {
  const configFile = configOf(snippet);
  const walk = await walkSshConfig(configFile, root);
  const resolver = await createSshResolver({ configFile, walks: [walk], cacheFile: `${configFile}.cache` });
  return { resolver, walk };
}

function optionsOf(route: Route): SshOptions {
  if (route.kind !== 'ssh') throw new Error(`not resolved: ${JSON.stringify(route)}`);
  return route.options;
}

/** Compares with what ssh prints, and with the files that it looks for. */
async function compareWithSsh(config: string, name: string, options: SshOptions): Promise<void> {
  const [printed, keys, controlPath] = await Promise.all([
    askSsh('-F', config, '-G', '--', name),
    askForKeys(config, name),
    askForControlPath(config, name),
  ]);
  expect(printed.code, printed.stderr).toBe(0);
  expect(options).toMatchObject(expectedOptions(printed.stdout));
  expect(options.userKnownHostsFiles.join(' ')).toBe(printedFiles(printed.stdout, 'userknownhostsfile'));
  expect(options.globalKnownHostsFiles.join(' ')).toBe(printedFiles(printed.stdout, 'globalknownhostsfile'));
  expect({ identities: options.identityFiles, certificates: options.certificateFiles }).toEqual(keys);
  expect(options.controlPath).toBe(controlPath);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ocr-corpus-'));
  vi.stubEnv('HOME', root);
  vi.stubEnv('OCR_CORPUS', '/var/corpus %n');
  vi.stubEnv('OCR_CORPUS_UNSET', undefined);
  for (const snippet of snippets) {
    await writeText(configOf(snippet), snippet.config);
    for (const [path, text] of Object.entries(snippet.files ?? {})) await writeText(join(root, '.ssh', path), text);
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

it('the corpus has many snippets, whose names and files are their own', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(60);
  for (const listed of [snippets.map(({ name }) => name), snippets.flatMap(({ files }) => Object.keys(files ?? {}))])
    expect(listed.filter((entry, index) => listed.indexOf(entry) !== index)).toEqual([]);
});

describe('the aliases of', () => {
  it.concurrent.each(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', async (_name, snippet) => {
    const walk = await walkSshConfig(configOf(snippet), root);
    expect(walk.aliases).toEqual(snippet.aliases);
    expect(walk.warnings.join('\n')).toContain(snippet.warning ?? '');
    if (snippet.warning === undefined) expect(walk.warnings).toEqual([]);
  });
});

describe.skipIf(!hasSsh)('ssh itself (skipped without the program ssh) agrees on', () => {
  it.concurrent.each(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', async (_name, snippet) => {
    const { resolver } = await open(snippet);
    expect(resolver.volatile).toBe(snippet.volatile === true);
    const asked = [...snippet.aliases, ...(snippet.also ?? [])];
    const routes = await Promise.all(asked.map((name) => resolver.resolve(name, signal)));
    if (snippet.refused) {
      expect(routes.map(({ kind }) => kind)).toEqual(asked.map(() => 'unresolved'));
      expect((await askSsh('-F', configOf(snippet), '-G', '--', asked[0]!)).code).not.toBe(0);
      return;
    }
    for (const [index, name] of asked.entries()) {
      const options = optionsOf(routes[index]!);
      await compareWithSsh(configOf(snippet), name, options);
      expect(options).toMatchObject(snippet.options?.[name] ?? {});
    }
    await resolver.save();
    const { resolver: next } = await open(snippet);
    expect(asked.map((name) => next.cached(name))).toEqual(snippet.volatile ? asked.map(() => null) : routes);
  });
});
