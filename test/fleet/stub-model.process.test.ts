import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { createStubModel } from './stub-model.ts';

const chunk = z.object({
  choices: z.tuple([
    z.object({
      delta: z.object({
        content: z.string().optional(),
        tool_calls: z.tuple([z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })]).optional(),
      }),
      finish_reason: z.string().nullable(),
    }),
  ]),
});

/** The model's response to some messages: its words, its tool call and the reason of its end. */
async function ask(...messages: readonly { role: string; content: string }[]) {
  const server = createStubModel().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages }),
    headers: { connection: 'close' },
  });
  const data = [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, text]) => JSON.parse(text ?? ''));
  const choices = data.map((value) => chunk.parse(value).choices[0]);
  const call = choices.flatMap(({ delta }) => delta.tool_calls ?? [])[0]?.function;
  return {
    status: response.status,
    words: choices.map(({ delta }) => delta.content ?? '').join(''),
    call: call && { name: call.name, parameters: JSON.parse(call.arguments) },
    finish: choices.at(-1)?.finish_reason,
  };
}

const user = (content: string) => ({ role: 'user', content });

describe('the stub model', () => {
  it('says what it was told', async () => {
    expect(await ask(user('hello'))).toEqual({ status: 200, words: 'You said: hello', finish: 'stop' });
  });

  it('refuses when it is told to', async () => {
    expect((await ask(user('an error please'))).status).toBe(400);
  });

  it.each([
    ['ask permission', 'bash', { command: 'touch approved' }],
    ['please ask question about it', 'question', { questions: [{ header: 'Database' }] }],
    ['ask two questions', 'question', { questions: [{ header: 'Database' }, { header: 'Regions', multiple: true }] }],
    ['ask edit', 'write', { filePath: 'greeting.txt' }],
    ['ask outside', 'read', { filePath: '/etc/hostname' }],
    ['ask web', 'webfetch', { format: 'text' }],
    ['ask subagent', 'task', { subagent_type: 'general', prompt: expect.stringContaining('ask permission') }],
    ['ask ocr', 'ocr_instances', {}],
    [
      'write todos',
      'todowrite',
      { todos: [{ status: 'completed' }, { status: 'in_progress' }, { status: 'pending' }] },
    ],
  ])('answers `%s` by a call of %s', async (prompt, name, parameters) => {
    expect(await ask(user(prompt))).toMatchObject({ call: { name, parameters }, finish: 'tool_calls' });
  });

  it('is done once the tool has answered', async () => {
    expect(await ask(user('ask permission'), { role: 'tool', content: 'ok' })).toMatchObject({
      words: 'Done.',
      finish: 'stop',
    });
  });

  it('calls no tool to find a title', async () => {
    const system = { role: 'system', content: 'You are a title generator. Be short.' };
    expect(await ask(system, user('ask permission'))).toMatchObject({ words: 'ask permission', call: undefined });
  });
});
