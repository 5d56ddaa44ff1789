import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../src/lib/package-root.ts';
import { EXIT_NOTES } from '../../src/verbs/exit.ts';
import { loadVerb } from '../../src/verbs/load-verb.ts';
import { VERBS } from '../../src/verbs/specs.ts';
import { outputOf } from '../../src/verbs/verb.ts';
import { isPrinted, parseChunks, resultsOf, scriptOf } from '../support/command-lines.ts';
import { type ScriptLab, startScriptLab } from '../support/script-lab.ts';

const TITLE = 'Fix the login';
const listed = z.array(z.object({ id: z.string() }));

let lab: ScriptLab;
/** The folder that command lines run in. */
let cwd: string;

beforeAll(async () => {
  lab = await startScriptLab();
});
afterAll(() => lab?.close());

const request = (method: string, path: string, body?: unknown) =>
  lab.server.request(method, path, join(lab.projects, 'shop'), body);

/** Runs a script in bash, and expects an exit status. */
async function run(script: string, code = 0): Promise<string> {
  const outcome = await lab.run(['bash', '-o', 'pipefail', '-c', script], { cwd });
  expect(outcome, script).toMatchObject({ code });
  return outcome.stdout;
}

/** Leaves the server with one session, which has got a prompt. */
async function prepare(prompt: string): Promise<string> {
  // The server keeps the requests of a session that is deleted while it waits.
  for (const { id } of listed.parse(await request('GET', '/permission')))
    await request('POST', `/permission/${id}/reply`, { reply: 'reject' });
  for (const { id } of listed.parse(await request('GET', '/question'))) await request('POST', `/question/${id}/reject`);
  for (const { id } of listed.parse(await request('GET', '/session'))) await request('DELETE', `/session/${id}`);
  const { id } = z.object({ id: z.string() }).parse(await request('POST', '/session', { title: TITLE }));
  await request('POST', `/session/${id}/prompt_async`, { parts: [{ type: 'text', text: prompt }] });
  const path = { 'ask permission': '/permission', 'ask question': '/question' }[prompt];
  if (path !== undefined) await vi.waitFor(async () => expect(await request('GET', path)).toHaveLength(1), 10_000);
  return id;
}

describe('an example of the help', () => {
  /** What the session of an example was told; `hello` if nothing is said here. */
  const PROMPTS: Readonly<Record<string, string>> = {
    permissions: 'ask permission',
    approve: 'ask permission',
    reject: 'ask permission',
    questions: 'ask question',
    answer: 'ask question',
    abort: 'slowly',
  };
  /** Examples that cannot do their work here: how they end, and what they say. */
  const REFUSED: Readonly<Record<string, readonly [code: number, stderr: string]>> = {
    attach: [2, 'attach needs a terminal'],
    'permissions revoke': [4, 'there is no rule'],
  };
  const all = VERBS.flatMap((spec) => (spec.examples ?? []).map((line) => [line, spec] as const));

  it('exists for each verb', () => {
    expect(VERBS.filter(({ examples = [] }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it.each(all.filter(([, { isStream }]) => isStream !== true))('works: %s', async (line, spec) => {
    cwd = await mkdtemp(join(lab.home, 'examples-'));
    const id = await prepare(PROMPTS[spec.name] ?? 'hello');
    await run(`git init -q . && git -c user.name=a -c user.email=a commit -q --allow-empty -m first`);
    if (line.includes('login.json') && spec.name !== 'export') await run(`ocr export ${id} --output login.json`);
    const refused = REFUSED[spec.name];
    if (refused !== undefined) {
      const { code, stderr } = await lab.run(['bash', '-c', line], { cwd });
      return expect({ code, stderr }).toEqual({ code: refused[0], stderr: expect.stringContaining(refused[1]) });
    }
    const stdout = line.includes('--on local') ? await runWithLocal(line) : await run(line);
    expect(stdout.trim() === '' && !line.includes('|'), stdout).toBe(false);
    if (line.endsWith('--json')) (await outputOf(await loadVerb(spec))).parse(JSON.parse(stdout));
  });

  /** Runs an example where this machine is a target too. */
  async function runWithLocal(line: string): Promise<string> {
    const config = join(lab.home, '.opencode/remote-tui.yaml');
    const before = await readFile(config, 'utf8');
    await writeFile(config, 'hosts: {local: true}\n');
    return run(line).finally(() => writeFile(config, before));
  }

  it.each(all.filter(([, { isStream }]) => isStream === true))('prints lines until Ctrl-C: %s', async (line, spec) => {
    await prepare('hello');
    const first = await firstLine(line);
    const output = await outputOf(await loadVerb(spec));
    expect(output.safeParse(JSON.parse(first)).error, first).toBeUndefined();
  });

  /** Starts a stream, and ends it as Ctrl-C does after its first line. */
  async function firstLine(line: string): Promise<string> {
    const child = spawn('bash', ['-c', `exec ${line}`], { env: lab.environment, cwd: lab.home });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) child.kill('SIGINT');
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    return stdout.split('\n')[0] ?? '';
  }
});

/** Runs all command lines of a document in one shell, and compares what they print with what it says. */
async function runDocument(markdown: string): Promise<void> {
  cwd = await mkdtemp(join(lab.home, 'document-'));
  await prepare('hello');
  const chunks = parseChunks(markdown);
  expect(chunks.length).toBeGreaterThan(5);
  const { stdout, stderr } = await lab.run(['bash', '-c', scriptOf(chunks)], { cwd });
  const results = resultsOf(stdout);
  chunks.forEach(({ script, prints, exits }, at) => {
    const { output = '', status = null } = results[at] ?? {};
    const said = `${script}\nprinted:\n${output}${stderr}`;
    expect(status, said).toBe(exits);
    if (prints !== null) expect(isPrinted(output, prints), said).toBe(true);
  });
}

describe('the skill', () => {
  it('is found by opencode where the README links it', async () => {
    for (const place of ['.claude/skills', '.config/opencode/skills']) {
      const folder = join(dirname(lab.projects), place);
      await mkdir(folder, { recursive: true });
      await symlink(join(packageRoot(), 'skills/ocr'), join(folder, 'ocr'));
      // A server reads its skills once for each folder.
      const project = join(lab.projects, place.replaceAll('/', '-'));
      await mkdir(project);
      const skills = z.array(z.object({ name: z.string(), location: z.string() }));
      const found = skills.parse(await lab.server.request('GET', '/skill', project));
      expect(found).toContainEqual({ name: 'ocr', location: join(folder, 'ocr/SKILL.md') });
      await rm(join(folder, 'ocr'));
    }
  });

  it('names every exit status', async () => {
    const skill = await readFile(join(packageRoot(), 'skills/ocr/SKILL.md'), 'utf8');
    for (const [status, note] of EXIT_NOTES) expect(skill).toContain(`| ${status} | ${note} |`);
  });

  it('has command lines that do what it says', async () => {
    await runDocument(await readFile(join(packageRoot(), 'skills/ocr/SKILL.md'), 'utf8'));
  });
});

describe('the README', () => {
  it('has command lines for scripts and agents that do what it says', async () => {
    const readme = await readFile(join(packageRoot(), 'README.md'), 'utf8');
    const section = readme.split('\n## Scripts and agents\n')[1]?.split('\n## ')[0] ?? '';
    await runDocument(section);
  });
});
