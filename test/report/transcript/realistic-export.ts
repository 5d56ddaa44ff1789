import type { AssistantMessage, Message, Part, UserMessage } from '@opencode-ai/sdk/v2';

const SESSION = 'ses_31df77a2effeFkeVNZmfvgo5Mo';
const START = 1_773_318_747_000;
const MODEL = { providerID: 'anthropic', modelID: 'claude-sonnet-4' };

type WithoutIds<Value> = Value extends unknown ? Omit<Value, 'id' | 'sessionID' | 'messageID'> : never;

function message(info: Message, parts: readonly WithoutIds<Part>[]) {
  const ids = (index: number) => ({ id: `prt_${info.id}_${index}`, sessionID: SESSION, messageID: info.id });
  return { info, parts: parts.map((part, index) => ({ ...part, ...ids(index) })) };
}

function prompt(id: string, at: number, extra: Partial<UserMessage> = {}): UserMessage {
  const time = { created: START + at };
  return { id, sessionID: SESSION, role: 'user', time, summary: { diffs: [] }, agent: 'build', model: MODEL, ...extra };
}

function answer(
  id: string,
  parentID: string,
  [from, to]: [number, number],
  extra: Partial<AssistantMessage>,
): AssistantMessage {
  return {
    id,
    sessionID: SESSION,
    role: 'assistant',
    parentID,
    time: { created: START + from, completed: START + to },
    mode: 'build',
    agent: 'build',
    ...MODEL,
    path: { cwd: '/work/shop', root: '/work/shop' },
    cost: 0.01,
    tokens: { input: 135, output: 42, reasoning: 8, cache: { read: 23_680, write: 0 } },
    ...extra,
  };
}

const start: WithoutIds<Part> = { type: 'step-start', snapshot: '62861b8700a29c823c94786a4d628fb54f214f95' };
const finish = (reason: string): WithoutIds<Part> => ({
  type: 'step-finish',
  reason,
  cost: 0.01,
  tokens: { input: 135, output: 42, reasoning: 8, cache: { read: 23_680, write: 0 } },
});
const time = (from: number, to: number) => ({ start: START + from, end: START + to });

/** An export of opencode 1.18: a tool loop, a subtask with another agent, an abort, a compaction. The types of the SDK keep it true. */
export const realisticExport = {
  info: { id: SESSION, slug: 'cosmic-nebula', directory: '/work/shop', title: 'Fix the checkout', version: '1.18.33' },
  messages: [
    message(prompt('msg_01', 0), [
      { type: 'text', text: 'Fix @cart.ts please' },
      { type: 'text', text: 'Called the Read tool with the following input: …', synthetic: true },
      { type: 'file', mime: 'text/plain', filename: 'cart.ts', url: 'file:///work/shop/cart.ts' },
    ]),
    message(answer('msg_02', 'msg_01', [100, 2100], { finish: 'tool-calls' }), [
      start,
      { type: 'reasoning', text: 'The total is rounded twice.', time: time(150, 900) },
      {
        type: 'tool',
        callID: 'call_1',
        tool: 'bash',
        state: {
          status: 'completed',
          input: { command: 'npm test', description: 'Run the tests' },
          output: '1 failed\n',
          title: 'Run the tests',
          metadata: { output: '1 failed\n', exit: 1 },
          time: time(1000, 2000),
        },
      },
      { type: 'patch', hash: 'abc', files: ['/work/shop/cart.ts'] },
      finish('tool-calls'),
    ]),
    message(answer('msg_03', 'msg_01', [2200, 3000], { finish: 'stop' }), [
      start,
      { type: 'text', text: 'Fixed: it is rounded **once** now.', time: time(2300, 2900) },
      finish('stop'),
    ]),
    message(prompt('msg_04', 10_000), [
      { type: 'subtask', agent: 'explore', prompt: 'Find all callers', description: 'Find callers' },
    ]),
    message(answer('msg_05', 'msg_04', [10_100, 12_100], { agent: 'explore', mode: 'explore', finish: 'stop' }), [
      {
        type: 'tool',
        callID: 'call_2',
        tool: 'task',
        state: { status: 'error', input: { prompt: 'Find all callers' }, error: 'Aborted', time: time(10_200, 12_000) },
      },
    ]),
    message(prompt('msg_06', 20_000), [{ type: 'compaction', auto: true }]),
    message(
      answer('msg_07', 'msg_06', [20_100, 21_000], {
        agent: 'compaction',
        mode: 'compaction',
        summary: true,
        finish: 'stop',
      }),
      [start, { type: 'text', text: 'We fixed the rounding.', time: time(20_200, 20_900) }, finish('stop')],
    ),
    message(prompt('msg_08', 30_000, { system: 'Be terse.' }), []),
    message(prompt('msg_09', 31_000, { system: 'Be terse.' }), [{ type: 'text', text: 'Deploy it' }]),
    message(
      answer('msg_10', 'msg_09', [31_100, 33_500], {
        error: { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } },
      }),
      [
        start,
        {
          type: 'tool',
          callID: 'call_3',
          tool: 'bash',
          state: { status: 'running', input: { command: 'make deploy' }, time: { start: START + 31_500 } },
        },
      ],
    ),
  ],
};
