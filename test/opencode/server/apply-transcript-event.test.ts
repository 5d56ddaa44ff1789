import { describe, expect, it } from 'vitest';
import type { TranscriptMessage, TranscriptPart } from '../../../src/domain/transcript.ts';
import { applyTranscriptEvent } from '../../../src/opencode/server/apply-transcript-event.ts';

const text = (id: string, words = ''): TranscriptPart => ({ kind: 'text', id, text: words });
const message = (id: string, ...parts: TranscriptPart[]): TranscriptMessage => ({
  ...{ id, role: 'assistant', created: 1, completed: null, agent: null, model: null, error: null },
  parts,
});

describe('a transcript', () => {
  const messages = [message('m1', text('p1', 'a')), message('m3', text('p2', 'b'))];

  it('takes new messages and parts in the order of their ids', () => {
    const more = applyTranscriptEvent(messages, { kind: 'message', message: message('m2') });
    expect(more.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
    const parts = applyTranscriptEvent(messages, { kind: 'part', messageId: 'm3', part: text('p1') })[1]?.parts;
    expect(parts?.map(({ id }) => id)).toEqual(['p1', 'p2']);
  });

  it('keeps the parts of a message that changes', () => {
    const changed = applyTranscriptEvent(messages, { kind: 'message', message: { ...message('m1'), completed: 9 } });
    expect(changed[0]).toEqual({ ...messages[0], completed: 9 });
    expect(changed[1]).toBe(messages[1]);
  });

  it('grows by deltas, which the whole part replaces', () => {
    const grown = applyTranscriptEvent(messages, { kind: 'delta', messageId: 'm3', partId: 'p2', text: 'c' });
    expect(grown[1]?.parts).toEqual([text('p2', 'bc')]);
    const whole = applyTranscriptEvent(grown, { kind: 'part', messageId: 'm3', part: text('p2', 'bcd') });
    expect(whole[1]?.parts).toEqual([text('p2', 'bcd')]);
    expect(messages[1]?.parts).toEqual([text('p2', 'b')]);
  });

  it('loses what is removed', () => {
    expect(applyTranscriptEvent(messages, { kind: 'message-removed', messageId: 'm1' })).toEqual([messages[1]]);
    expect(applyTranscriptEvent(messages, { kind: 'part-removed', messageId: 'm1', partId: 'p1' })[0]?.parts).toEqual(
      [],
    );
  });

  it('stays the very same where an event is about what it does not hold', () => {
    const same = [
      { kind: 'restart' },
      { kind: 'message-removed', messageId: 'm9' },
      { kind: 'part', messageId: 'm9', part: text('p1') },
      { kind: 'part-removed', messageId: 'm1', partId: 'p9' },
      { kind: 'delta', messageId: 'm1', partId: 'p9', text: 'x' },
    ] as const;
    for (const event of same) expect(applyTranscriptEvent(messages, event)).toBe(messages);
  });

  it('does not mix up what came in another order than the ids', () => {
    const odd = [message('m2'), message('m1')];
    const changed = applyTranscriptEvent(odd, { kind: 'message', message: { ...message('m1'), completed: 9 } });
    expect(changed.map(({ id, completed }) => [id, completed])).toEqual([
      ['m2', null],
      ['m1', 9],
    ]);
  });
});
