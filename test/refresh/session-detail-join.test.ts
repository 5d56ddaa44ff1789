import { expect, it } from 'vitest';
import { applyTold, joinTranscript } from '../../src/actions/follow/join-transcript.ts';
import type { TranscriptMessage, TranscriptPart } from '../../src/domain/transcript.ts';

const text = (id: string, content: string): TranscriptPart => ({ kind: 'text', id, text: content });
const message = (id: string, parts: readonly TranscriptPart[], changes: Partial<TranscriptMessage> = {}) =>
  ({
    ...{ id, role: 'assistant', created: 1, completed: null, agent: null, model: null, error: null, parts },
    ...changes,
  }) as const satisfies TranscriptMessage;
const delta = (partId: string, content: string) =>
  ({ kind: 'delta', messageId: 'msg_2', partId, text: content }) as const;
const textsOf = (messages: readonly TranscriptMessage[]) =>
  messages.flatMap(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : part.kind)));

it('says of a text that is being written that its beginning was missed, and goes on with what is told', () => {
  const read = [message('msg_2', [text('prt_1', '')])];
  const joined = joinTranscript(read, [], [delta('prt_1', 'step 3, ')]);
  expect(textsOf(joined)).toEqual(['... step 3, ']);
  const whole = { kind: 'part', messageId: 'msg_2', part: text('prt_1', 'step 1, step 2, step 3') } as const;
  expect(textsOf(applyTold(joined, whole))).toEqual(['step 1, step 2, step 3']);
});

it('takes a text whose beginning was told for whole', () => {
  const begun = { kind: 'part', messageId: 'msg_2', part: text('prt_1', '') } as const;
  const read = [message('msg_2', [text('prt_1', '')])];
  expect(textsOf(joinTranscript(read, [], [begun, delta('prt_1', 'step 1')]))).toEqual(['step 1']);
});

it('keeps what was known of a text before the stream was lost, with a sign for what was missed', () => {
  const read = [message('msg_2', [text('prt_1', '')])];
  const once = joinTranscript(read, [message('msg_2', [text('prt_1', 'step 1, ')])], []);
  expect(textsOf(once)).toEqual(['step 1, ... ']);
  expect(textsOf(joinTranscript(read, once, [delta('prt_1', 'step 9')]))).toEqual(['step 1, ... step 9']);
});

it('says nothing twice of a text that was whole when it was read', () => {
  const read = [message('msg_2', [text('prt_1', 'step 1, step 2')])];
  expect(textsOf(joinTranscript(read, [], [delta('prt_1', 'step 2')]))).toEqual(['step 1, step 2']);
});

it('leaves alone what is complete, failed or a user’s', () => {
  const read = [
    message('msg_1', [text('prt_1', '')], { role: 'user' }),
    message('msg_2', [text('prt_2', '')], { completed: 2 }),
    message('msg_3', [text('prt_3', '')], { error: 'Aborted' }),
  ];
  expect(joinTranscript(read, [], [])).toEqual(read);
});

it('does not put an old message before those that were read', () => {
  const read = [message('msg_2', [])];
  expect(applyTold(read, { kind: 'message', message: message('msg_1', []) })).toBe(read);
  expect(applyTold(read, { kind: 'message', message: message('msg_3', []) })).toHaveLength(2);
});
