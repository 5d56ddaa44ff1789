import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { findStubCall, type StubCall } from './stub-model-calls.ts';

const text = z.union([
  z.string(),
  z.array(z.object({ text: z.string().default('') })).transform((parts) => parts.map((part) => part.text).join(' ')),
]);

const requestBody = z.object({
  messages: z.array(z.object({ role: z.string(), content: text.nullish().transform((content) => content ?? '') })),
});

type Delta = { role?: string; content?: string; tool_calls?: unknown[] };

/**
 * A language model that costs nothing: an OpenAI-compatible streaming server. The last message of the user chooses:
 * `error` (HTTP 400), `hang` (some words, then silence), `slowly` (a word a second for ever), `say nothing` (no text),
 * `show system` (the system prompts that it was sent), `ask …` and `write todos` (a tool call, see stub-model-calls.ts);
 * anything else is echoed.
 */
export function createStubModel(): Server {
  return createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { messages } = requestBody.parse(JSON.parse(await readText(request)));
  const last = messages.at(-1);
  const said = messages.findLast((message) => message.role === 'user')?.content.trim() ?? '';
  const send = (delta: Delta, finish: string | null = null) => response.write(formatChunk(delta, finish));
  const call = findStubCall(said);
  const isTitle = messages[0]?.content.startsWith('You are a title generator') ?? false;
  if (!isTitle && last?.role === 'user' && /\berror\b/.test(said)) return refuse(response);

  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send({ role: 'assistant', content: '' });
  if (isTitle) send({ content: said.split('\n')[0]?.slice(0, 50) ?? 'Untitled' });
  else if (last?.role !== 'user') send({ content: 'Done.' });
  else if (call !== undefined) return finish(response, toolCall(call), 'tool_calls');
  else if (/\bhang\b/.test(said)) return void send({ content: 'Let me think about' });
  else if (/\bsay nothing\b/.test(said)) return finish(response, {}, 'stop');
  else if (/\bshow system\b/.test(said)) send({ content: `System: ${systemOf(messages)}` });
  else if (/\bslowly\b/.test(said)) return streamForever(response, send);
  else send({ content: `You said: ${said}` });
  finish(response, {}, 'stop');
}

function systemOf(messages: readonly { readonly role: string; readonly content: string }[]): string {
  return messages.flatMap(({ role, content }) => (role === 'system' ? [content] : [])).join('\n');
}

async function streamForever(response: ServerResponse, send: (delta: Delta) => unknown): Promise<void> {
  for (let step = 1; !response.destroyed && !response.closed; step += 1) {
    send({ content: `step ${step}, ` });
    await sleep(1000, undefined, { ref: false });
  }
}

/** A 400 is what opencode does not retry. */
function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ error: { message: 'The stub model refuses this prompt', type: 'invalid_request_error' } }),
  );
}

function finish(response: ServerResponse, delta: Delta, reason: string): void {
  if (Object.keys(delta).length > 0) response.write(formatChunk(delta, null));
  response.write(formatChunk({}, reason));
  response.end('data: [DONE]\n\n');
}

function formatChunk(delta: Delta, finishReason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: 'stub', object: 'chat.completion.chunk', created: 1, model: 'echo', choices })}\n\n`;
}

function toolCall({ tool, parameters }: StubCall): Delta {
  const call = { index: 0, id: `call_${tool}_${Date.now()}`, type: 'function' };
  return { tool_calls: [{ ...call, function: { name: tool, arguments: JSON.stringify(parameters) } }] };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
