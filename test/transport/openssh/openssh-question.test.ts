import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../../../src/transport/deadline.ts';
import type { Interaction } from '../../../src/transport/interaction.ts';
import { type MemoryScope, OpensshMemory } from '../../../src/transport/openssh/openssh-memory.ts';
import { askpassQuestion, parseSecret } from '../../../src/transport/openssh/openssh-question.ts';
import { OpensshQuestions } from '../../../src/transport/openssh/openssh-questions.ts';

const UNKNOWN_KEY = `The authenticity of host '[10.0.0.1]:2222 ([10.0.0.1]:2222)' can't be established.
ED25519 key fingerprint is SHA256:UwY/UH0cR0wdmZZFJxw6fveC012Ovrb31kHbUt2u3zc.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? `;

describe('what ssh asks', () => {
  it.each([
    ["Enter passphrase for key '/home/ada/.ssh/id': ", null, 'Passphrase of /home/ada/.ssh/id', false],
    ["ada@10.0.0.1's password: ", null, 'Password of ada@10.0.0.1', false],
    ['Enter PIN for ED25519-SK key /home/ada/.ssh/sk: ', null, 'PIN of /home/ada/.ssh/sk', false],
    ["Enter PIN for 'My Token': ", null, 'PIN of My Token', false],
    ['Verification code: ', null, 'Authentication', false],
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

  it.each([
    "ada@10.0.0.1's password: ",
    "Enter passphrase for key '/home/ada/.ssh/id': ",
    UNKNOWN_KEY,
    'Verification code: ',
  ])('is the server’s word when ssh says so: %j', (text) => {
    const prompt = `(ada@10.0.0.1) ${text}`;
    expect(askpassQuestion('web1', { prompt, hint: null })).toMatchObject({
      title: 'Login of ada@10.0.0.1',
      prompts: [{ text, echo: false }],
    });
    expect(parseSecret(prompt)).toBeNull();
  });

  it.each([
    "Please: Enter passphrase for key '/home/ada/.ssh/id': ",
    "Enter passphrase for key '/home/ada/.ssh/id': or else",
    "Welcome\nada@web1's password: ",
    "Enter ada@web1's old password: ",
    'Verification code: ',
  ])('is no secret that serves again unless the words are ssh’s, whole: %j', (prompt) => {
    expect(parseSecret(prompt)).toBeNull();
  });
});

const features = { marksServerPrompts: true };
const scope = (changes: Partial<MemoryScope> = {}): MemoryScope => ({
  alias: 'web1',
  options: { identityFiles: ['/k/id'] },
  features,
  ...changes,
});
const PASSPHRASE = "Enter passphrase for key '/k/id': ";
const PASSWORD = "a@b's password: ";

describe('what is remembered', () => {
  const { signal } = new AbortController();

  /** A user who answers, or none; ssh process 1 asks. */
  const connect = (memory: OpensshMemory, of: MemoryScope, answer: string | null = null) => {
    const deadline = new Deadline(60_000, () => {});
    deadline.stop();
    const asked: string[] = [];
    const interaction: Interaction = {
      answer: async ({ title, instruction }) => {
        asked.push(instruction === '' ? title : `${title}: ${instruction}`);
        return answer === null ? null : [answer];
      },
      trust: () => Promise.reject(new Error('not asked')),
      progress: () => {},
    };
    const questions = new OpensshQuestions({
      ...{ alias: of.alias, interaction, deadline, memory: memory.of(of) },
      onRefusal: () => {},
    });
    const ask = (prompt: string, asker = 1) => questions.answer({ prompt, hint: null, asker }, signal);
    return { questions, ask, asked };
  };

  const told = async (of: MemoryScope, ...prompts: string[]) => {
    const memory = new OpensshMemory();
    const { questions, ask } = connect(memory, of, 'secret');
    for (const prompt of prompts) await ask(prompt);
    questions.succeeded();
    return memory;
  };

  it('is not given to a server that asks for it', async () => {
    const memory = await told(scope(), PASSPHRASE, PASSWORD);
    const { ask } = connect(memory, scope());
    for (const prompt of [PASSPHRASE, PASSWORD]) expect(await ask(`(a@b) ${prompt}`)).toBeNull();
    for (const prompt of [PASSPHRASE, PASSWORD]) expect(await ask(prompt)).toBe('secret');
  });

  it('is nothing that a server was told', async () => {
    const memory = await told(scope(), `(a@b) ${PASSPHRASE}`, `(a@b) ${PASSWORD}`);
    expect(memory.of(scope()).isEmpty).toBe(true);
  });

  it('is a passphrase only for a host that has the key', async () => {
    const memory = await told(scope(), PASSPHRASE);
    const other = scope({ alias: 'web2' });
    expect(await connect(memory, other).ask(PASSPHRASE)).toBe('secret');
    for (const options of [{ identityFiles: ['/k/other'] }, null]) {
      expect(memory.of({ ...other, options }).isEmpty).toBe(true);
      expect(await connect(memory, { ...other, options }).ask(PASSPHRASE)).toBeNull();
    }
    expect((await told(scope({ options: null }), PASSPHRASE)).of(scope()).isEmpty).toBe(true);
  });

  it('is a password only for its own host, and for none whose options are not known', async () => {
    const memory = await told(scope(), PASSWORD);
    expect(memory.of(scope()).isEmpty).toBe(false);
    for (const of of [scope({ alias: 'web2' }), scope({ options: null })]) {
      expect(memory.of(of).isEmpty).toBe(true);
      expect(await connect(memory, of).ask(PASSWORD)).toBeNull();
    }
  });

  it('is nothing with an ssh that does not mark what a server asks', async () => {
    const old = scope({ features: { marksServerPrompts: false } });
    const memory = await told(scope(), PASSPHRASE, PASSWORD);
    expect(memory.of(old).isEmpty).toBe(true);
    expect(await connect(memory, old).ask(PASSPHRASE)).toBeNull();
    expect((await told(old, PASSPHRASE, PASSWORD)).of(scope()).isEmpty).toBe(true);
  });

  it('is forgotten when the attempt in which it was given fails, and only then', async () => {
    const memory = await told(scope(), PASSPHRASE, PASSWORD);
    const { questions, ask } = connect(memory, scope());
    await ask(PASSPHRASE);
    questions.failed();
    expect(await connect(memory, scope()).ask(PASSPHRASE)).toBeNull();
    expect(await connect(memory, scope()).ask(PASSWORD)).toBe('secret');
  });

  it('serves each of the processes of one connection, and is wrong only when the same one asks again', async () => {
    const { ask, asked } = connect(new OpensshMemory(), scope(), 'secret');
    for (const asker of [1, 2, 3]) expect(await ask(PASSWORD, asker)).toBe('secret');
    expect(asked).toEqual(['Password of a@b']);
    await ask(PASSWORD, 2);
    expect(asked).toEqual(['Password of a@b', 'Password of a@b: That was not accepted.']);
  });
});

describe('a user who is asked', () => {
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
    const questions = new OpensshQuestions({
      ...{ alias: 'web1', interaction, deadline, memory: memory.of(scope()) },
      onRefusal: refused,
    });
    return { questions, deadline, memory, expired, refused, progress };
  };
  const { signal } = new AbortController();

  it('has the time that it takes; what ssh takes is counted', async () => {
    const { questions, expired } = ask(['secret']);
    await vi.advanceTimersByTimeAsync(600);
    const answer = questions.answer({ prompt: 'password:', hint: null, asker: 1 }, signal);
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
    const questions = new OpensshQuestions({
      ...{ alias: 'web1', interaction, deadline, memory: memory.of(scope()) },
      onRefusal: () => {},
    });
    for (const prompt of ["a@b's password: ", 'Code: ', "a@b's password: ", 'Code: ']) {
      await questions.answer({ prompt, hint: null, asker: 1 }, signal);
    }
    expect(asked.map((line) => line.split('|')[1])).toEqual(['', '', 'That was not accepted.', '']);
    deadline.stop();
  });

  it('is asked once for what serves again: passphrases wherever the key is, passwords for their host, codes never', async () => {
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
      new OpensshQuestions({
        ...{ alias, interaction, deadline, memory: memory.of(scope({ alias })) },
        onRefusal: (e) => refused.push(e.message),
      });
    const prompts = ["Enter passphrase for key '/k/id': ", "a@b's password: ", 'Verification code: '];
    const answers = async (questions: OpensshQuestions) => {
      const all: (string | null)[] = [];
      for (const prompt of prompts) all.push(await questions.answer({ prompt, hint: null, asker: 1 }, signal));
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
    const answer = questions.answer({ prompt: "a@b's password:", hint: null, asker: 1 }, signal);
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
    const answer = questions.answer({ prompt: 'Allow?', hint: 'confirm', asker: 1 }, signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toBe(given);
    expect(refused).not.toHaveBeenCalled();
    deadline.stop();
  });

  it('is told to touch a key, for as long as ssh waits for it', async () => {
    const { questions, deadline, expired, progress } = ask(null);
    const touched = new AbortController();
    const answer = questions.answer({ prompt: 'Confirm user presence', hint: 'none', asker: 1 }, touched.signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(progress.mock.calls).toEqual([['Confirm user presence']]);
    expect(expired).not.toHaveBeenCalled();
    touched.abort();
    expect(await answer).toBeNull();
    deadline.stop();
  });
});
