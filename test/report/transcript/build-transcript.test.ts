import { describe, expect, it } from 'vitest';
import { buildTranscript } from '../../../src/report/transcript/build-transcript.ts';
import { transcriptReportSchema } from '../../../src/report/transcript/transcript-report.ts';
import { anExport, answer, text, tool, transcriptOf, turnsOf, user } from './an-export.ts';
import { realisticExport } from './realistic-export.ts';

describe('the transcript of a session', () => {
  it('tells its turns with all that happened in them', () => {
    const report = buildTranscript(realisticExport);
    expect(transcriptReportSchema.strict().parse(report)).toEqual(report);
    expect(report).toMatchObject({
      sessionID: realisticExport.info.id,
      title: 'Fix the checkout',
      directory: '/work/shop',
    });
    expect(report.turns.map(({ index, duration, userPrompt }) => ({ index, duration, userPrompt }))).toEqual([
      { index: 1, duration: '3.000s', userPrompt: 'Fix @cart.ts please' },
      { index: 2, duration: '2.100s', userPrompt: '' },
      { index: 3, duration: '1.000s', userPrompt: '' },
      { index: 4, duration: 'unknown', userPrompt: '' },
      { index: 5, duration: '2.500s', userPrompt: 'Deploy it' },
    ]);
    expect(report.turns[0]!.assistantMessages).toMatchObject([
      { index: 1, duration: '2.000s', finish: 'tool-calls', reasoning: ['The total is rounded twice.'], text: '' },
      { index: 2, duration: '0.800s', finish: 'stop', reasoning: [], text: 'Fixed: it is rounded **once** now.' },
    ]);
  });

  it('is of the documented shape', () => {
    expect(transcriptOf(user('msg_1', [text('hi')], { system: 'Be kind' }), answer('msg_1', [text('ho')]))).toEqual({
      directory: '/work',
      sessionID: 'ses_1',
      title: 'A title',
      turns: [
        {
          index: 1,
          duration: '2.500s',
          systemPrompt: 'Be kind',
          userPrompt: 'hi',
          promptSteps: [],
          assistantMessages: [
            {
              index: 1,
              duration: '1.500s',
              finish: 'stop',
              agent: 'build',
              model: 'stub/echo',
              error: null,
              summary: false,
              reasoning: [],
              text: 'ho',
              steps: [{ index: 1, heading: 'text', type: 'text', duration: 'unknown', contentText: 'ho' }],
            },
          ],
        },
      ],
    });
  });

  it('names the agent and the model of each answer', () => {
    const plan = { agent: 'plan', modelID: 'other' };
    const [turn] = turnsOf(user('msg_1', []), answer('msg_1', []), answer('msg_1', [], plan));
    expect(turn!.assistantMessages).toMatchObject([
      { agent: 'build', model: 'stub/echo' },
      { agent: 'plan', model: 'stub/other' },
    ]);
  });

  it('marks the summary of a compaction', () => {
    const turns = buildTranscript(realisticExport).turns;
    expect(turns.flatMap((turn) => turn.assistantMessages.map(({ summary }) => summary))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(turns[2]!.promptSteps).toMatchObject([{ type: 'compaction', contentText: 'automatic' }]);
  });

  it('of no messages has no turns', () => {
    expect(transcriptOf().turns).toEqual([]);
  });
});

describe('a prompt', () => {
  it('is what the user typed', () => {
    const parts = [
      text('\n one\n'),
      text('for the model', { synthetic: true }),
      text('x', { ignored: true }),
      text('two'),
    ];
    expect(turnsOf(user('msg_1', parts))[0]!.userPrompt).toBe('one\n\ntwo');
  });

  it('lists its files, agents and subtasks apart', () => {
    const file = { type: 'file', mime: 'image/png', url: 'data:image/png;base64,AAAA' };
    const parts = [
      text('look'),
      file,
      { type: 'agent', name: 'plan' },
      { type: 'subtask', agent: 'explore', prompt: 'Go' },
    ];
    expect(turnsOf(user('msg_1', parts))[0]!.promptSteps).toEqual([
      { index: 2, heading: 'file', type: 'file', duration: 'unknown', contentText: 'image/png' },
      { index: 3, heading: 'agent:plan', type: 'agent', duration: 'unknown' },
      { index: 4, heading: 'subtask:explore', type: 'subtask', duration: 'unknown', contentText: 'Go' },
    ]);
  });

  it('shows the system prompt that was queued for it, which also has a turn of its own', () => {
    const queued = user('msg_1', [], { system: ' Be terse.\n' });
    const chat = user('msg_2', [text('Hello')], { system: 'Be terse.' });
    expect(turnsOf(queued, chat, answer('msg_2', [text('Hi')]))).toMatchObject([
      { systemPrompt: 'Be terse.', userPrompt: '', duration: 'unknown', assistantMessages: [] },
      { systemPrompt: 'Be terse.', userPrompt: 'Hello', duration: '2.500s', assistantMessages: [{ text: 'Hi' }] },
    ]);
  });

  it('has no system prompt if that is blank', () => {
    expect(turnsOf(user('msg_1', [text('Hello')], { system: ' ' }))[0]!.systemPrompt).toBeNull();
  });
});

describe('an answer', () => {
  it('belongs to the prompt that it names, even if another was queued before it', () => {
    const prompts = [user('msg_1', [text('one')]), user('msg_2', [text('two')])];
    const turns = turnsOf(...prompts, answer('msg_1', [text('to one')]), answer('msg_2', [text('to two')]));
    expect(turns.map((turn) => turn.assistantMessages.map((message) => message.text))).toEqual([
      ['to one'],
      ['to two'],
    ]);
  });

  it.each([null, 'msg_gone'])('belongs to the prompt before it if it names %s', (parent) => {
    const turns = turnsOf(user('msg_1', []), answer(parent, [text('ho')]), user('msg_2', []));
    expect(turns.map((turn) => turn.assistantMessages.length)).toEqual([1, 0]);
  });

  it('without any prompt before it has a turn of its own', () => {
    const turns = turnsOf(answer('msg_gone', [text('ho')]), answer(null, []), user('msg_1', [text('hi')]));
    expect(turns).toMatchObject([
      {
        index: 1,
        userPrompt: '',
        systemPrompt: null,
        duration: '1.500s',
        assistantMessages: [{ index: 1 }, { index: 2 }],
      },
      { index: 2, userPrompt: 'hi', assistantMessages: [] },
    ]);
  });

  it('that failed says why', () => {
    const failed = (error: unknown) => turnsOf(answer(null, [], { error }))[0]!.assistantMessages[0]!.error;
    expect(failed({ name: 'APIError', data: { message: 'Overloaded', statusCode: 529 } })).toBe('APIError: Overloaded');
    expect(failed({ name: 'MessageOutputLengthError', data: {} })).toBe('MessageOutputLengthError');
    expect(failed('no credit')).toBe('no credit');
    expect(failed({ code: 7 })).toBe('{\n  "code": 7\n}');
    expect(failed(null)).toBeNull();
  });

  it('that was aborted or still runs has no end', () => {
    const error = { name: 'MessageAbortedError', data: { message: 'Aborted' } };
    const cut = { time: { created: 2000 }, finish: undefined };
    const turns = turnsOf(
      user('msg_1', []),
      answer('msg_1', [], { ...cut, error }),
      answer('msg_1', [text('so f')], cut),
    );
    expect(turns).toMatchObject([
      {
        duration: 'unknown',
        assistantMessages: [
          { duration: 'unknown', finish: 'unknown', error: 'MessageAbortedError: Aborted' },
          { duration: 'unknown', finish: 'unknown', error: null, text: 'so f' },
        ],
      },
    ]);
  });

  it('of a clock that was set back took no time', () => {
    expect(turnsOf(answer(null, [], { time: { created: 2000, completed: 1 } }))[0]!.duration).toBe('0.000s');
  });
});

it('an export of an old version is read as far as it goes', () => {
  const old = {
    info: { title: 'Fixture', id: 'ses_old' },
    messages: [
      { info: { role: 'user', time: { created: 1000 } }, parts: [text('Say hello.')] },
      {
        info: {
          role: 'assistant',
          model: { modelID: 'github-copilot/gpt-4.1' },
          time: { created: 2000, completed: 5000 },
        },
        parts: [
          { type: 'reasoning', text: 'A tool is needed.' },
          {
            ...tool({ input: { url: 'x' }, output: 'done', status: 'success' }, 'webfetch'),
            timing: { latency_s: 0.42 },
          },
          text('Hello.'),
        ],
      },
    ],
  };
  expect(buildTranscript(old)).toMatchObject({
    directory: 'unknown',
    turns: [
      {
        duration: '4.000s',
        assistantMessages: [
          {
            finish: 'unknown',
            agent: null,
            model: 'github-copilot/gpt-4.1',
            steps: [
              { index: 1 },
              { index: 2, heading: 'tool:webfetch', status: 'success', duration: '0.420s' },
              { index: 3 },
            ],
          },
        ],
      },
    ],
  });
});

it('a session of many and of huge messages takes linear time', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => [user(`msg_${at}`, [text('hi')]), answer(`msg_${at}`, [])]);
  expect(buildTranscript(anExport(many.flat())).turns).toHaveLength(20_000);
  const huge = ' '.repeat(4_000_000);
  expect(turnsOf(user('msg_1', [text(`a${huge}b`)]))[0]!.userPrompt).toHaveLength(huge.length + 2);
});
