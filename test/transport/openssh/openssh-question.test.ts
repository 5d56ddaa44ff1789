import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../../../src/transport/deadline.ts';
import type { Interaction } from '../../../src/transport/interaction.ts';
import { OpensshMemory } from '../../../src/transport/openssh/openssh-memory.ts';
import { askpassQuestion } from '../../../src/transport/openssh/openssh-question.ts';
import { OpensshQuestions } from '../../../src/transport/openssh/openssh-questions.ts';

const UNKNOWN_KEY = `The authenticity of host '[10.0.0.1]:2222 ([10.0.0.1]:2222)' can't be established.
ED25519 key fingerprint is SHA256:UwY/UH0cR0wdmZZFJxw6fveC012Ovrb31kHbUt2u3zc.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? `;

describe('what ssh asks', () => {
  it.each([
    ["Enter passphrase for key '/home/ada/.ssh/id': ", null, 'Passphrase of /home/ada/.ssh/id', false],
    ["ada@10.0.0.1's password: ", null, 'Password of ada@10.0.0.1', false],
    ["(ada@10.0.0.1) ada@10.0.0.1's password: ", null, 'Password of ada@10.0.0.1', false],
    ['(ada@10.0.0.1) Verification code: ', null, 'Authentication', false],
    [UNKNOWN_KEY, null, 'Unknown host key', true],
    ["Please type 'yes', 'no' or the fingerprint: ", null, 'Unknown host key', true],
    ['Allow shared connection to web1? ', 'confirm', 'Shared connection', true],
    ['Allow use of key /home/ada/.ssh/id?', 'confirm', 'Authentication', true],
  ] as const)('%j', (prompt, hint, title, echo) => {
    const question = askpassQuestion('web1', { prompt, hint });
    expect(question).toEqual({
      kind: 'secret',
      host: 'web1',
      title,
      instruction: '',
      prompts: [{ text: prompt, echo }],
    });
  });
});

describe('a person who is asked', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  const ask = (answer: readonly string[] | null) => {
    const [expired, refused, progress] = [vi.fn(), vi.fn(), vi.fn()];
    const deadline = new Deadline(1000, expired);
    const memory = new OpensshMemory();
    const interaction: Interaction = {
      answer: () => new Promise((resolve) => setTimeout(resolve, 5000, answer)),
      trust: () => Promise.reject(new Error('not asked')),
      progress,
    };
    const questions = new OpensshQuestions({ ...{ alias: 'web1', interaction, deadline, memory }, onRefusal: refused });
    return { questions, deadline, memory, expired, refused, progress };
  };
  const { signal } = new AbortController();

  it('has the time that it takes; what ssh takes is counted', async () => {
    const { questions, expired } = ask(['secret']);
    await vi.advanceTimersByTimeAsync(600);
    const answer = questions.answer({ prompt: 'password:', hint: null }, signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toBe('secret');
    await vi.advanceTimersByTimeAsync(300);
    expect(expired).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('is told that it was not accepted when the same is asked again', async () => {
    const asked: string[] = [];
    const { deadline, memory } = ask(null);
    const interaction: Interaction = {
      answer: async ({ title, instruction }) => {
        asked.push(`${title}|${instruction}`);
        return ['x'];
      },
      trust: () => Promise.reject(new Error('not asked')),
      progress: () => {},
    };
    const questions = new OpensshQuestions({ alias: 'web1', interaction, deadline, memory, onRefusal: () => {} });
    for (const prompt of ["a@b's password: ", 'Code: ', "a@b's password: ", 'Code: ']) {
      await questions.answer({ prompt, hint: null }, signal);
    }
    expect(asked.map((line) => line.split('|')[1])).toEqual(['', '', 'That was not accepted.', '']);
    deadline.stop();
  });

  it('is asked once for what serves again: passphrases everywhere, passwords for their host, codes never', async () => {
    const { deadline, memory } = ask(null);
    const asked: string[] = [];
    const somebody: Interaction = {
      answer: async ({ title }) => {
        asked.push(title);
        return [`answer to ${title}`];
      },
      trust: () => Promise.reject(new Error('not asked')),
      progress: () => {},
    };
    const refused: string[] = [];
    const on = (alias: string, interaction: Interaction | null) =>
      new OpensshQuestions({ ...{ alias, interaction, deadline, memory }, onRefusal: (e) => refused.push(e.message) });
    const prompts = ["Enter passphrase for key '/k/id': ", "a@b's password: ", 'Verification code: '];
    const answers = async (questions: OpensshQuestions) => {
      const all: (string | null)[] = [];
      for (const prompt of prompts) all.push(await questions.answer({ prompt, hint: null }, signal));
      return all;
    };
    const first = on('web1', somebody);
    await answers(first);
    expect((await answers(on('web1', null)))[0]).toBeNull();
    first.succeeded();
    const told = ['answer to Passphrase of /k/id', 'answer to Password of a@b'];
    expect(await answers(on('web1', null))).toEqual([...told, null]);
    expect(await answers(on('web2', null))).toEqual([told[0], null, null]);
    expect(asked).toHaveLength(3);
    // One that is asked for again was wrong, and is not given a third time.
    const again = on('web1', null);
    await answers(again);
    expect((await answers(again))[0]).toBeNull();
    expect((await answers(on('web1', null)))[0]).toBeNull();
    expect(refused.length).toBeGreaterThan(0);
    deadline.stop();
  });

  it('ends the attempt by not answering', async () => {
    const { questions, deadline, refused } = ask(null);
    const answer = questions.answer({ prompt: "a@b's password:", hint: null }, signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toBeNull();
    expect(refused.mock.calls).toMatchObject([[{ kind: 'auth', message: 'not answered: password of a@b' }]]);
    deadline.stop();
  });

  it.each([
    [['yes'], 'yes'],
    [[''], null],
    [['no'], null],
    [null, null],
  ])('who confirms with %j gives %j', async (typed, given) => {
    const { questions, deadline, refused } = ask(typed);
    const answer = questions.answer({ prompt: 'Allow?', hint: 'confirm' }, signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toBe(given);
    expect(refused).not.toHaveBeenCalled();
    deadline.stop();
  });

  it('is told to touch a key, for as long as ssh waits for it', async () => {
    const { questions, deadline, expired, progress } = ask(null);
    const touched = new AbortController();
    const answer = questions.answer({ prompt: 'Confirm user presence', hint: 'none' }, touched.signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(progress.mock.calls).toEqual([['Confirm user presence']]);
    expect(expired).not.toHaveBeenCalled();
    touched.abort();
    expect(await answer).toBeNull();
    deadline.stop();
  });
});
