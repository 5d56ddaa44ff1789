import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { type ScriptLab, startScriptLab } from '../support/script-lab.ts';

let lab: ScriptLab;

beforeAll(async () => {
  lab = await startScriptLab();
  const names = { oc: 'oc-instances', ocm: 'ocm-proof', 'opencode-transcript': 'opencode-transcript' };
  for (const [name, shim] of Object.entries(names)) {
    await symlink(join(packageRoot(), 'shims', shim), join(lab.home, 'bin', name));
  }
});
afterAll(() => lab?.close());

/** Runs a command line that must end with that status, and returns what it printed. */
async function run(command: readonly [string, ...string[]], code = 0): Promise<string> {
  const environment = { ...lab.environment, OPENCODE_BASE_URL: lab.server.url };
  // `oc` has its instances file; `ocm` and `opencode-transcript` have the environment alone.
  const outcome = await lab.run(command, command[0] === 'oc' ? {} : { environment: withoutInstances(environment) });
  expect(outcome, command.join(' ')).toMatchObject({ code });
  return code === 0 ? outcome.stdout : outcome.stderr;
}

function withoutInstances({ OPENCODE_INSTANCES_CONFIG: _, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment;
}

async function runJson<Value>(...command: [string, ...string[]]): Promise<Value> {
  return JSON.parse(await run([...command, '--json']));
}

interface Answered {
  readonly sessionID: string;
  readonly assistantMessage: { readonly text: string } | null;
}

const ODD = `it's "quoted" $HOME \`id\`; * \\n\nand --yolo`;

describe('oc', () => {
  it('drives an instance with the command lines of its original', async () => {
    expect(await run(['oc', 'instances'])).toMatch(/^dev +url +healthy .* 1\.\d+/m);
    expect(await run(['oc', 'sync'])).toMatch(/^dev +\d+$/m);
    expect(await run(['oc', 'sync', 'dev'])).toMatch(/^dev +\d+$/m);
    const id = (await run(['oc', 'dev', 'create', '--title', 'Fix auth bug', '--directory', 'shop'])).trim();
    await run(['oc', 'dev', 'prompt', id, 'ask permission']);
    await run(['ocr', 'wait', id]);
    expect(await run(['oc', 'dev', 'status'])).toContain('permission: bash: touch approved');
    const [request] = await runJson<{ id: string }[]>('oc', 'dev', 'permissions');
    expect(await run(['oc', 'dev', 'approve', request!.id])).toContain(`allowed ${request!.id}`);
    await run(['ocr', 'wait', id]);
    await run(['oc', 'dev', 'prompt', id, 'ask question']);
    await run(['ocr', 'wait', id]);
    const [question] = await runJson<{ id: string }[]>('oc', 'dev', 'questions');
    expect(await run(['oc', 'dev', 'answer', question!.id, 'use the v2 API'])).toContain(`answered ${question!.id}`);
    await run(['ocr', 'wait', id]);
    await run(['oc', 'dev', 'prompt', '--model', 'stub/echo', id, ODD]);
    await run(['ocr', 'wait', id]);
    expect(await run(['oc', 'dev', 'messages', id, '--limit', '5'])).toContain(`You said: ${ODD}`);
    expect(await run(['oc', 'dev', 'sessions', '--limit', '30'])).toContain('Fix auth bug');
    expect(await run(['oc', 'dev', 'models'])).toMatch(/stub\/echo.*default, allowed/);
    expect(await run(['oc', 'dev', 'diagnose', id])).toContain(id);
    await run(['oc', 'dev', 'prompt', id, 'slowly']);
    expect(await run(['oc', 'dev', 'abort', id])).toBe(`${id}: stopped\n`);
  });

  it('creates sessions with a model, and without questions', async () => {
    const given = ['--model', 'stub/echo', '--title', 'Refactor', '--directory', 'shop', '--yolo'];
    const id = (await run(['oc', 'dev', 'create', ...given])).trim();
    await run(['oc', 'dev', 'prompt', id, 'ask permission']);
    expect(await run(['ocr', 'wait', id])).toBe('Done.\n');
  });

  it('fails where its original pretended', async () => {
    expect(await run(['oc', 'sync', 'nowhere'], 2)).toContain('there is no host "nowhere"');
    expect(await run(['oc', 'dev', 'approve', 'per_none'], 4)).toContain('no permission per_none is pending');
    expect(await run(['oc', 'dev', 'answer', 'que_none', 'yes'], 4)).toContain('no question que_none is pending');
    expect(await run(['oc', 'dev', 'create', '--model', 'openai/o3'], 6)).toContain('not in allowed_models');
    expect(await run(['oc', 'dev', 'create', '--directory', 'missing'], 4)).toContain('there is no folder');
  });
});

describe('ocm', () => {
  it('proves turns with the command lines of its original', async () => {
    expect(await run(['ocm', 'one-shot', 'Reply with ONLY OK.'])).toBe('You said: Reply with ONLY OK.\n');
    const begin = ['begin-session', 'Reply with ONLY READY.', '--agent', 'build'];
    const begun = await runJson<Answered & { directory: string }>('ocm', ...begin);
    const id = begun.sessionID;
    expect(begun).toMatchObject({ sessionID: id, directory: lab.projects, workspaceID: null });
    expect(await runJson('ocm', 'wait', id, '--timeout-sec', '60', '--quiet-sec', '1.5')).toMatchObject({
      sessionID: id,
      assistantMessage: { text: 'You said: Reply with ONLY READY.' },
      stableForSeconds: expect.any(Number),
      updatedAt: expect.any(String),
    });
    expect(await run(['ocm', 'chat', id, 'Reply with ONLY SECOND_OK.'])).toBe('You said: Reply with ONLY SECOND_OK.\n');
    expect(await runJson('ocm', 'chat', id, 'Stay terse.', '--system', '--no-reply')).toMatchObject({
      sessionID: id,
      assistantMessage: null,
      mode: 'queued',
      visibility: 'system',
    });
    const answered = await runJson<Answered>('ocm', 'chat', id, ODD);
    expect(answered).toMatchObject({
      mode: 'continued',
      visibility: 'chat',
      assistantMessage: { text: `You said: ${ODD}` },
    });
    const { turns } = await runJson<{ turns: object[] }>('ocm', 'transcript', id);
    expect(turns.at(-1)).toMatchObject({ systemPrompt: 'Stay terse.', userPrompt: ODD });
    expect(await run(['opencode-transcript', id])).toContain('Reply with ONLY SECOND_OK.');
    await writeFile(join(lab.home, 'export.json'), await run(['ocr', 'export', id]));
    const read = JSON.parse(await run(['opencode-transcript', '--input', 'export.json', '--json']));
    expect(read).toMatchObject({ sessionID: id, turns });
    await run(['opencode-transcript', id, '--output', 'out.md']);
    expect(await readFile(join(lab.home, 'out.md'), 'utf8')).toContain('Reply with ONLY SECOND_OK.');
    expect(await run(['ocm', 'final', id, 'Reply with ONLY DONE.'])).toBe('You said: Reply with ONLY DONE.\n');
    expect(await run(['ocm', 'wait', id], 4)).toContain(`there is no session "${id}"`);
  });

  it('deletes a session and prints its id', async () => {
    const { sessionID } = await runJson<Answered>('ocm', 'begin-session', 'Reply with ONLY READY.');
    expect(await run(['ocm', 'delete', sessionID])).toBe(`${sessionID}\n`);
    expect(await run(['ocm', 'transcript', sessionID], 4)).toContain('there is no session');
  });

  it('checks the server, and sends nothing for a wrong command line', async () => {
    const names = ({ checks }: { checks: { name: string }[] }) => checks.map(({ name }) => name);
    const report = await runJson<{ checks: { name: string }[] }>('ocm', 'doctor');
    expect(report).toMatchObject({ ok: true, base_url: lab.server.url, cwd: lab.home });
    expect(names(report)).toEqual(expect.arrayContaining(['base_url', 'config_path', 'server_app', 'server_health']));
    const skipped = await runJson<{ checks: { name: string }[] }>('ocm', 'doctor', '--skip-server-check');
    expect(names(skipped)).toContain('server_checks');
    await run(['ocm', 'chat', 'ses_1', ' '], 2);
    await run(['ocm', 'one-shot', 'x', '--model', 'echo'], 2);
    await run(['ocm', 'wait', 'ses_1', '--timeout-sec', '0'], 2);
    await run(['ocm', 'wait', 'ses_1', '--timeout-sec=-1'], 2);
    const environment = { ...lab.environment, OPENCODE_BASE_URL: 'http://127.0.0.1:9' };
    expect(await lab.run(['ocm', 'doctor'], { environment })).toMatchObject({ code: 1 });
    expect(await lab.run(['ocm', 'one-shot', 'x'], { environment })).toMatchObject({ code: 3 });
  });
});
