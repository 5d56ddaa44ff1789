import { describe, expect, it } from 'vitest';
import type { TurnMessage } from '../../../src/opencode/server/turn-messages.ts';
import { judgeTurn, type TurnReading } from '../../../src/operations/turns/judge-turn.ts';
import { lastVoice, queuedSystem } from '../../../src/operations/turns/turn-history.ts';

const PATIENCE = { quiet: 1500, silence: 12_000, isWhole: true };

function aMessage(changes: Partial<TurnMessage>): TurnMessage {
  return {
    ...{ id: 'msg_1', role: 'user', created: 1, completed: null, parentId: null, finish: null, error: null },
    ...{ agent: 'build', model: 'stub/echo', system: null, text: 'hello', hasTools: false },
    ...changes,
  };
}
const prompt = (id: string, changes: Partial<TurnMessage> = {}) => aMessage({ id, ...changes });
const answer = (id: string, parentId: string, changes: Partial<TurnMessage> = {}) =>
  aMessage({
    id,
    parentId,
    role: 'assistant',
    created: 2,
    completed: 3,
    finish: 'stop',
    text: `answer ${id}`,
    ...changes,
  });

function judge(messages: readonly TurnMessage[], reading: Partial<TurnReading> = {}) {
  return judgeTurn({ messages, status: undefined, stableFor: 0, ...reading }, { id: 'msg_1', created: 1 }, PATIENCE);
}

describe('a turn', () => {
  it('has not ended while only the prompt stands there, however long the server works', () => {
    expect(judge([prompt('msg_1')], { status: { kind: 'busy' }, stableFor: 60_000 })).toBeNull();
    expect(judge([prompt('msg_1')], { stableFor: 1000 })).toBeNull();
  });

  it('is not proven by an earlier answer', () => {
    const before = answer('msg_0', 'msg_x', { created: 0 });
    expect(judge([before, prompt('msg_1')], { stableFor: 1000 })).toBeNull();
    expect(judge([before, prompt('msg_1')], { stableFor: 60_000 })).toEqual({ kind: 'silent' });
  });

  it('is proven by a complete answer with text, also while the next one runs', () => {
    const messages = [prompt('msg_1'), answer('msg_2', 'msg_1'), prompt('msg_3')];
    expect(judge(messages, { status: { kind: 'busy' } })).toMatchObject({ kind: 'answered', message: { id: 'msg_2' } });
  });

  it('goes on after calls of tools, and is proven by the last text', () => {
    const calls = answer('msg_2', 'msg_1', { finish: 'tool-calls', text: 'I will look' });
    expect(judge([prompt('msg_1'), calls], { status: { kind: 'busy' } })).toBeNull();
    const after = [prompt('msg_1'), calls, answer('msg_3', 'msg_1', { text: '' })];
    expect(judge(after)).toMatchObject({ kind: 'answered', message: { id: 'msg_2' } });
  });

  it('without any text is empty', () => {
    expect(judge([prompt('msg_1'), answer('msg_2', 'msg_1', { text: ' ' })])).toEqual({ kind: 'empty' });
  });

  it('that failed says why, whatever it said before', () => {
    const failed = answer('msg_3', 'msg_1', { error: 'Aborted', finish: null });
    expect(judge([prompt('msg_1'), answer('msg_2', 'msg_1', { finish: 'tool-calls' }), failed])).toEqual({
      ...{ kind: 'failed', reason: 'Aborted' },
    });
  });

  it('without a reported end counts once it was quiet', () => {
    const messages = [prompt('msg_1'), answer('msg_2', 'msg_1', { finish: null })];
    expect(judge(messages, { stableFor: 1000 })).toBeNull();
    expect(judge(messages, { stableFor: 1500 })).toMatchObject({ kind: 'answered' });
  });

  it('whose answer calls tools goes on, whatever its reason to stop is called', () => {
    const calls = answer('msg_2', 'msg_1', { hasTools: true });
    const unknown = answer('msg_2', 'msg_1', { finish: 'unknown' });
    for (const last of [calls, unknown]) {
      expect(judge([prompt('msg_1'), last], { status: { kind: 'busy' }, stableFor: 60_000 })).toBeNull();
      expect(judge([prompt('msg_1'), last], { stableFor: 1000 })).toBeNull();
      expect(judge([prompt('msg_1'), last], { stableFor: 1500 })).toMatchObject({ kind: 'answered' });
    }
  });

  it('whose prompt was taken back is not proven by what stands there', () => {
    expect(judge([answer('msg_0', 'msg_x', { created: 0 })], { stableFor: 60_000 })).toEqual({ kind: 'withdrawn' });
  });

  it('that stands unfinished in an idle session was cut off', () => {
    const messages = [prompt('msg_1'), answer('msg_2', 'msg_1', { completed: null, finish: null })];
    expect(judge(messages, { stableFor: 5000 })).toBeNull();
    expect(judge(messages, { stableFor: 12_000 })).toEqual({ kind: 'interrupted' });
    expect(judge(messages, { stableFor: 60_000, status: { kind: 'busy' } })).toBeNull();
  });

  it('that never began is silent', () => {
    expect(judge([prompt('msg_1')], { stableFor: 12_000 })).toEqual({ kind: 'silent' });
  });

  it('may be answered together with a later prompt', () => {
    const messages = [prompt('msg_1'), prompt('msg_2'), answer('msg_3', 'msg_2')];
    expect(judge(messages, { status: { kind: 'busy' } })).toBeNull();
    expect(judge(messages)).toMatchObject({ kind: 'answered', message: { id: 'msg_3' } });
  });
});

describe('the history of a session', () => {
  const system = (id: string, text: string) => prompt(id, { system: text, text: '' });

  it('gives the agent and model of the last prompt with text', () => {
    expect(lastVoice([prompt('msg_1', { agent: 'plan' }), system('msg_2', 'Be terse.')])).toMatchObject({
      agent: 'plan',
    });
    expect(lastVoice([system('msg_2', 'Be terse.')])).toBeNull();
  });

  it('gives the system prompts that were queued since the last answer', () => {
    const messages = [system('msg_1', 'old'), answer('msg_2', 'msg_1'), system('msg_3', 'one'), system('msg_4', 'two')];
    expect(queuedSystem(messages)).toEqual(['one', 'two']);
    expect(queuedSystem([prompt('msg_5', { system: 'with text' })])).toEqual([]);
  });
});
