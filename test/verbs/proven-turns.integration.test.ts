import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Outcome, program } from '../support/fleet-program.ts';
import { startVerbFleet, type VerbFleet } from './verb-fleet.ts';

let verbs: VerbFleet;
let place: readonly string[];
let directory: string;
/** The server is the default target. */
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  verbs = await startVerbFleet();
  [directory] = verbs.projects;
  place = ['--directory', directory];
  environment = { ...verbs.fleet.environment, OPENCODE_BASE_URL: verbs.plain.url };
});
afterAll(() => verbs?.close());

const oneShot = (words: string, ...more: string[]) => run(['one-shot', words, ...place, ...more]);
const run = (words: readonly string[]) => verbs.run(words, environment);
const json = (words: readonly string[]) => verbs.json(words, environment);

/** Runs something and makes sure that it leaves no session behind. */
async function leavingNothing(act: () => Promise<Outcome>): Promise<Outcome> {
  const left = async () => ({
    sessions: await verbs.sessionIds(directory),
    working: await verbs.plain.request('GET', '/session/status', directory),
    asked: await verbs.plain.request('GET', '/permission', directory),
  });
  const before = await left();
  const outcome = await act();
  expect(await left()).toEqual(before);
  return outcome;
}

async function newSession(): Promise<string> {
  const { id } = await json(['create', ...place]);
  return id;
}

describe('ocr one-shot', () => {
  it('prints the answer and deletes its session', async () => {
    const { code, stdout } = await leavingNothing(() => oneShot('say hello'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'You said: say hello\n' });
  });

  it.each([
    ['a model that answers with nothing', 'say nothing', [], 1, /the model answered without any text/],
    ['a model that fails', 'error please', [], 1, /the turn failed: The stub model refuses this prompt/],
    [
      'a model that never answers',
      'hang please',
      ['--timeout', '3'],
      5,
      /no answer within 3s, and the turn still runs$/m,
    ],
    [
      'a model that is too slow',
      'slowly please',
      ['--timeout', '2s'],
      5,
      /no answer within 2s, and the turn still runs$/m,
    ],
    ['a permission that nobody gives', 'ask permission', ['--timeout', '3'], 5, /it asks: bash: touch approved/],
  ])('says what is the matter with %s, and leaves nothing', async (_what, words, more, status, message) => {
    const { code, stdout, stderr } = await leavingNothing(() => oneShot(words, ...more));
    expect(code).toBe(status);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('The session was deleted.');
  });

  it.each([
    ['a blank prompt', [' '], 2, /text must not be blank/],
    ['a model without its provider', ['x', '--model', 'echo'], 2, /--model must be provider\/model/],
    ['a model that is not allowed', ['x', '--model', 'stub/echo'], 6, /the configuration has no allowed_models/],
    ['an agent that does not exist', ['x', '--agent', 'nobody'], 2, /there is no agent nobody/],
    ['a folder that does not exist', ['x', '--directory', '/nowhere'], 4, /there is no folder \/nowhere/],
    ['no time', ['x', '--timeout', '0'], 2, /a time above zero/],
  ])('refuses %s before it creates anything', async (_what, [words = '', ...more], status, message) => {
    const { code, stderr } = await leavingNothing(() => oneShot(words, ...more));
    expect(code).toBe(status);
    expect(stderr).toMatch(message);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('deletes its session at any moment of a %s', async (signal) => {
    for (const delay of [150, 500, 1200]) {
      await leavingNothing(async () => {
        const child = spawn(process.execPath, [program, 'one-shot', 'slowly please', ...place], {
          env: environment,
        });
        const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
        const said = text(child.stderr);
        setTimeout(() => child.kill(signal), delay);
        const code = await ended;
        const stderr = await said;
        // Before its own listeners are there, the signal ends Node itself.
        if (code !== null)
          expect({ code, stderr }).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
        else expect(delay).toBeLessThan(700);
        return { code, stdout: '', stderr };
      });
    }
  });
});

describe('ocr begin-session', () => {
  it('returns once the session holds its prompt; wait and transcript read the turn', async () => {
    const begun = await json(['begin-session', 'say ready', ...place]);
    expect(begun).toMatchObject({ directory, workspaceID: null, sessionID: expect.stringMatching(/^ses_/) });
    const waited = await json(['wait', begun.sessionID]);
    expect(waited).toMatchObject({ outcome: 'ended', assistantMessage: { text: 'You said: say ready' } });
    const { turns } = await json(['transcript', begun.sessionID]);
    expect(turns).toMatchObject([{ userPrompt: 'say ready', assistantMessages: [{ text: 'You said: say ready' }] }]);
    expect(await json(['wait', begun.sessionID])).toMatchObject({ outcome: 'ended', stableForSeconds: 0 });
    expect((await run(['delete', begun.sessionID, '--no-export'])).stdout).toBe(`${begun.sessionID}\n`);
  });

  it('leaves nothing when its prompt cannot be sent', async () => {
    const { code } = await leavingNothing(() => run(['begin-session', 'x', ...place, '--agent', 'nobody']));
    expect(code).toBe(2);
  });
});

describe('ocr chat', () => {
  it('continues a session without any turn, and names the new answer', async () => {
    const id = await newSession();
    const chatted = await json(['chat', id, 'first words']);
    expect(chatted).toMatchObject({ mode: 'continued', visibility: 'chat', sessionID: id });
    expect(chatted.assistantMessage).toMatchObject({ text: 'You said: first words', parentID: chatted.messageID });
  });

  it('queues a text without an answer, which the next turn gets too', async () => {
    const id = await newSession();
    expect(await json(['chat', id, 'for later', '--no-reply'])).toMatchObject({
      ...{ mode: 'queued', assistantMessage: null },
    });
    const { turns } = await json(['transcript', id]);
    expect(turns).toMatchObject([{ userPrompt: 'for later', assistantMessages: [] }]);
    expect(await json(['wait', id, '--timeout', '20'])).toMatchObject({ outcome: 'ended', assistantMessage: null });
  });

  it('carries queued system prompts into the request of the next turn, and not of the one after it', async () => {
    const id = await newSession();
    await json(['chat', id, 'Rule one is here.', '--system', '--no-reply']);
    await json(['chat', id, 'Rule two is here.', '--system', '--no-reply']);
    const { assistantMessage } = await json(['chat', id, 'show system']);
    expect(assistantMessage.text).toContain('Rule one is here.\n\nRule two is here.');
    const again = await json(['chat', id, 'show system']);
    expect(again.assistantMessage.text).not.toContain('Rule one');
    const { turns } = await json(['transcript', id]);
    expect(turns.map(({ systemPrompt }: { systemPrompt: string | null }) => systemPrompt)).toEqual([
      'Rule one is here.',
      'Rule two is here.',
      'Rule one is here.\n\nRule two is here.',
      null,
    ]);
  });

  it('proves each of two prompts at once', async () => {
    const id = await newSession();
    const both = await Promise.all([json(['chat', id, 'one of two']), json(['chat', id, 'two of two'])]);
    const messages = await json(['messages', id]);
    for (const { assistantMessage, messageID } of both) {
      const at = messages.findIndex((message: { id: string }) => message.id === messageID);
      const answer = messages.findIndex((message: { id: string }) => message.id === assistantMessage.id);
      expect(answer).toBeGreaterThan(at);
      expect(assistantMessage.text).not.toBe('');
    }
  });

  it('says what is recorded when it is interrupted', async () => {
    const id = await newSession();
    const child = spawn(process.execPath, [program, 'chat', id, 'slowly please'], { env: environment });
    const said = text(child.stderr);
    await vi.waitFor(async () => expect((await json(['messages', id])).length).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 200,
    });
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect(await said).toMatch(
      /interrupted: the prompt is recorded as msg_\w+ in ses_\w+, and its answer was not awaited/,
    );
    expect(await json(['abort', id])).toMatchObject({ result: 'stopped' });
    expect((await run(['wait', id, '--timeout', '20'])).code).toBe(1);
  });
});

describe('ocr final', () => {
  it('prints the last answer and deletes the session', async () => {
    const id = await newSession();
    const { code, stdout } = await run(['final', id, 'goodbye']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'You said: goodbye\n' });
    expect(await verbs.sessionIds(directory)).not.toContain(id);
  });

  it('deletes nothing when its prompt is not sent, and exports what it deletes', async () => {
    const id = await newSession();
    expect((await run(['final', id, 'x', '--agent', 'nobody'])).code).toBe(2);
    expect(await verbs.sessionIds(directory)).toContain(id);
    const { exportPath } = await json(['final', id, 'the last words']);
    expect(await readFile(exportPath, 'utf8')).toContain('You said: the last words');
  });
});

describe('ocr transcript', () => {
  /** A session with a turn of every kind. */
  async function manyTurns(): Promise<string> {
    const id = await newSession();
    await json(['chat', id, 'plain words']);
    await json(['chat', id, 'as a planner', '--agent', 'plan']);
    await json(['chat', id, 'write todos', '--agent', 'build']);
    expect((await run(['chat', id, 'error please'])).code).toBe(1);
    await json(['prompt', id, 'ask permission']);
    await json(['wait', id]);
    await json(['reject', id, '--message', 'not now']);
    await run(['wait', id]);
    await json(['prompt', id, 'slowly please']);
    await vi.waitFor(
      async () => expect((await json(['messages', id, '--limit', '1']))[0].role).toBe('assistant'),
      30_000,
    );
    await json(['abort', id]);
    await run(['wait', id]);
    return id;
  }

  it('of a live session equals the one of its export, with tools, agents, failed and aborted turns', async () => {
    const id = await manyTurns();
    const live = await json(['transcript', id]);
    const file = join(verbs.fleet.directory, 'export.json');
    expect((await run(['export', id, '--output', file])).stdout).toBe(`${file}\n`);
    expect(await json(['transcript', '--input', file])).toEqual(live);
    const answers = live.turns.flatMap(({ assistantMessages }: { assistantMessages: unknown[] }) => assistantMessages);
    expect(answers).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ text: 'You said: plain words', agent: 'build', error: null }),
        expect.objectContaining({ agent: 'plan' }),
        expect.objectContaining({ error: expect.stringContaining('refuses this prompt') }),
      ]),
    );
    const tools = answers.flatMap(({ steps }: { steps: { tool?: string; status?: string }[] }) =>
      steps.flatMap(({ tool, status }) => (tool === undefined ? [] : [`${tool} ${status}`])),
    );
    expect(tools).toEqual(expect.arrayContaining(['todowrite completed', 'bash error']));

    const markdown = (await run(['transcript', id])).stdout;
    expect((await run(['transcript', '--input', file])).stdout).toBe(markdown);
    for (const text of ['> plain words', '> as a planner', 'refuses this prompt', 'tool:bash']) {
      expect(markdown).toContain(text);
    }
  });

  it('goes to files that the user names, and to one of its own', async () => {
    const id = await newSession();
    await json(['chat', id, 'for a file']);
    const [markdown, data] = [join(verbs.fleet.directory, 'one.md'), join(verbs.fleet.directory, 'one.json')];
    expect((await run(['transcript', id, '--output', markdown])).stdout).toBe(`${markdown}\n`);
    expect(await readFile(markdown, 'utf8')).toContain('> You said: for a file');
    await run(['transcript', id, '--output', data]);
    expect(JSON.parse(await readFile(data, 'utf8'))).toEqual(await json(['transcript', id]));
    const { stderr } = await run(['transcript', id, '--tee-temp']);
    const path = /the transcript is also in (.*)/.exec(stderr)?.[1] ?? '';
    expect(await readFile(path, 'utf8')).toBe(await readFile(markdown, 'utf8'));
    await rm(dirname(path), { recursive: true });
  });

  it('names the place of what is wrong with an export', async () => {
    const file = join(verbs.fleet.directory, 'broken.json');
    await writeFile(file, '{"info": {"id": "ses_1", "title": "x"}, "messages": [{"info": {"role": 7}}]}');
    expect(await run(['transcript', '--input', file])).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringContaining('messages[0].info') },
    });
    await writeFile(file, '{"info": ');
    expect((await run(['transcript', '--input', file])).stderr).toMatch(/broken\.json:1:\d+/);
    expect((await run(['transcript', '--input', join(verbs.fleet.directory, 'nothing')])).code).toBe(2);
    expect((await run(['transcript'])).code).toBe(2);
  });

  it('goes on with each turn that ends, until it is interrupted', async () => {
    const id = await newSession();
    await json(['chat', id, 'turn one']);
    const child = spawn(process.execPath, [program, 'transcript', id, '--follow'], { env: environment });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await vi.waitFor(() => expect(printed).toContain('You said: turn one'), 30_000);
    await json(['chat', id, 'turn two']);
    await vi.waitFor(() => expect(printed).toContain('You said: turn two'), 30_000);
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect(printed.match(/^# /gm)).toHaveLength(1);
    expect(printed.match(/^## Turn \d/gm)).toEqual(['## Turn 1', '## Turn 2']);
  });
});
