import { beforeEach, describe, expect, it } from 'vitest';
import { QuestionDesk } from '../../src/actions/question-desk.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import type { OcrState } from '../../src/store/state.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import { aHostKeyQuestion, anEntry, aSecretQuestion, SETTINGS } from '../support/builders.ts';

const web1 = { alias: 'web1', label: 'web1' };
const db = { alias: 'db', label: 'the database' };
const forever = new AbortController().signal;
const twoPrompts = aSecretQuestion({
  prompts: [
    { text: 'Name: ', echo: true },
    { text: 'Code: ', echo: false },
  ],
});

/** The whole state as text, with what is in its maps and sets. */
function written(state: OcrState): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
}

describe('the desk', () => {
  let fleet: FleetStore;
  let store: OcrStore;
  let desk: QuestionDesk;
  let states: string[];
  const dialog = () => store.getState().dialog;
  const typed = () => {
    const question = dialog()?.question;
    return question?.kind === 'secret' ? question.answers : null;
  };

  beforeEach(() => {
    fleet = new FleetStore(SETTINGS);
    store = createOcrStore(fleet, SETTINGS, false);
    fleet.setState({ entries: new Map([['web1', anEntry()]]) });
    states = [];
    store.subscribe((state) => states.push(written(state)));
    desk = new QuestionDesk(store);
  });

  it('gives what was typed to who asked', async () => {
    const answer = desk.begin(web1, []).interaction.answer(twoPrompts, forever);
    desk.type('ada');
    desk.submit();
    desk.type('1');
    desk.type('23');
    desk.submit();
    expect(await answer).toEqual(['ada', '123']);
    expect(dialog()).toMatchObject({ alias: 'web1', question: null });
  });

  it('shows what may be seen, and of a hidden answer its length alone', () => {
    void desk.begin(web1, []).interaction.answer(twoPrompts, forever);
    desk.type('ada');
    desk.submit();
    desk.type('pä👍🏽');
    expect(typed()).toEqual([
      { kind: 'seen', text: 'ada' },
      { kind: 'hidden', length: 3 },
    ]);
  });

  it('never has a secret in the store, whatever becomes of it', async () => {
    const attempt = desk.begin(web1, ['ssh web1 true']);
    const secrets = ['correct-horse', 'battery-staple', 'tr0ub4dor'];
    const first = attempt.interaction.answer(aSecretQuestion(), forever);
    desk.type(secrets[0]!);
    desk.submit();
    expect(await first).toEqual([secrets[0]]);
    const second = attempt.interaction.answer(twoPrompts, forever);
    desk.submit();
    desk.type(secrets[1]!);
    desk.eraseCharacter();
    desk.cancel();
    expect(await second).toBeNull();
    void desk.begin(web1, []).interaction.answer(aSecretQuestion(), forever);
    for (const character of secrets[2]!) desk.type(character);
    desk.useTerminal();
    desk.close();
    expect(states.length).toBeGreaterThan(10);
    for (const state of states) {
      for (const secret of secrets) expect(state).not.toContain(secret.slice(0, 4));
    }
    expect(JSON.stringify(desk)).toBe('{}');
  });

  it('takes a paste whole, without line breaks and control characters', async () => {
    const answer = desk.begin(web1, []).interaction.answer(aSecretQuestion(), forever);
    desk.type('two words\u0000\u001b\u0007\r\nand more\n');
    expect(typed()).toEqual([{ kind: 'hidden', length: 17 }]);
    desk.submit();
    expect(await answer).toEqual(['two wordsand more']);
  });

  it('erases what a reader takes for one character, and all', async () => {
    const answer = desk.begin(web1, []).interaction.answer(aSecretQuestion(), forever);
    desk.type('wrong');
    desk.eraseAll();
    desk.eraseCharacter();
    desk.type('righte\u0301');
    desk.eraseCharacter();
    desk.submit();
    expect(await answer).toEqual(['right']);
  });

  it('drops what is typed while nothing is asked', async () => {
    const attempt = desk.begin(web1, []);
    desk.type('jjj');
    desk.submit();
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    expect(typed()).toEqual([{ kind: 'hidden', length: 0 }]);
    desk.type('x');
    desk.submit();
    expect(await answer).toEqual(['x']);
  });

  it('shows one question at a time, in the order in which they came', async () => {
    const first = desk.begin(web1, []).interaction.answer(aSecretQuestion(), forever);
    const later = desk.begin(db, []);
    const second = later.interaction.answer(aSecretQuestion({ host: 'db' }), forever);
    expect(dialog()).toMatchObject({ alias: 'web1', waiting: 1 });
    desk.type('one');
    desk.submit();
    expect(await first).toEqual(['one']);
    expect(dialog()).toMatchObject({ alias: 'db', label: 'the database', waiting: 0 });
    expect(typed()).toEqual([{ kind: 'hidden', length: 0 }]);
    desk.type('two');
    desk.submit();
    expect(await second).toEqual(['two']);
    expect(dialog()).toMatchObject({ alias: 'web1', question: null });
    later.end();
  });

  it("refuses what another host asks by itself while a host's question is open", async () => {
    const [first, second] = [desk.interactionFor(web1), desk.interactionFor(db)];
    const answers = [first.answer(aSecretQuestion(), forever), first.answer(aSecretQuestion(), forever)];
    expect(await second.answer(aSecretQuestion(), forever)).toBeNull();
    expect(await second.trust(aHostKeyQuestion(), forever)).toBe(false);
    expect(dialog()).toMatchObject({ alias: 'web1', waiting: 1 });
    for (const text of ['one', 'two']) {
      desk.type(text);
      desk.submit();
    }
    expect(await Promise.all(answers)).toEqual([['one'], ['two']]);
    expect(dialog()).toBeNull();
    const answer = second.answer(aSecretQuestion(), forever);
    expect(dialog()).toMatchObject({ alias: 'db' });
    desk.submit();
    expect(await answer).toEqual(['']);
  });

  it('lets the question of an attempt wait for one that a host asks by itself', async () => {
    const first = desk.interactionFor(web1).answer(aSecretQuestion(), forever);
    const second = desk.begin(db, []).interaction.answer(aSecretQuestion(), forever);
    expect(dialog()).toMatchObject({ alias: 'web1', waiting: 1 });
    desk.submit();
    desk.submit();
    expect(await Promise.all([first, second])).toEqual([[''], ['']]);
  });

  it('closes the dialog that a question alone has opened once it is answered', async () => {
    const answer = desk.interactionFor(db).answer(aSecretQuestion(), forever);
    expect(store.getState().keysFrom).toBeGreaterThan(Date.now());
    desk.submit();
    expect(await answer).toEqual(['']);
    expect(dialog()).toBeNull();
  });

  it('drops the keys that are pressed before a host key is seen, and takes a password at once', () => {
    const { interaction } = desk.begin(web1, []);
    void interaction.answer(aSecretQuestion(), forever);
    expect(store.getState().keysFrom).toBe(0);
    desk.submit();
    void interaction.trust(aHostKeyQuestion(), forever);
    expect(store.getState().keysFrom).toBeGreaterThan(Date.now());
  });

  it('refuses what is asked and ends the attempt when the user gives up', async () => {
    const attempt = desk.begin(web1, []);
    const answers = [
      attempt.interaction.answer(aSecretQuestion(), forever),
      attempt.interaction.trust(aHostKeyQuestion(), forever),
    ];
    desk.cancel();
    expect(await Promise.all(answers)).toEqual([null, false]);
    expect(await attempt.left).toBe('close');
    expect(attempt.signal.aborted).toBe(true);
    expect(dialog()).toBeNull();
  });

  it('asks no more and tells no more of an attempt that has ended', async () => {
    const { interaction } = desk.begin(web1, []);
    desk.cancel();
    interaction.progress('connecting to hop1');
    expect(await interaction.answer(aSecretQuestion(), forever)).toBeNull();
    expect(dialog()).toBeNull();
  });

  it('takes a question off the screen when its asker has gone', async () => {
    const { interaction } = desk.begin(web1, []);
    const gone = new AbortController();
    const first = interaction.answer(aSecretQuestion(), gone.signal);
    const second = interaction.trust(aHostKeyQuestion(), gone.signal);
    gone.abort();
    expect(await first).toBeNull();
    expect(await second).toBe(false);
    expect(dialog()).toMatchObject({ alias: 'web1', question: null });
    expect(await interaction.answer(aSecretQuestion(), gone.signal)).toBeNull();
  });

  it('drops for a while what is typed on when a question is taken off the screen', () => {
    const { interaction } = desk.begin(web1, []);
    const [gone, waiting] = [new AbortController(), new AbortController()];
    void interaction.answer(aSecretQuestion(), gone.signal);
    void interaction.answer(aSecretQuestion(), waiting.signal);
    desk.type('half of');
    waiting.abort();
    expect(store.getState().keysFrom).toBe(0);
    const before = Date.now();
    gone.abort();
    expect(store.getState().keysFrom).toBeGreaterThanOrEqual(before + 1500);
  });

  it('trusts a host key by that alone', async () => {
    const { interaction } = desk.begin(web1, []);
    const trusted = interaction.trust(aHostKeyQuestion(), forever);
    desk.submit();
    desk.type('y');
    expect(dialog()?.question?.kind).toBe('host-key');
    desk.trust();
    expect(await trusted).toBe(true);
    const left = interaction.trust(aHostKeyQuestion(), forever);
    desk.distrust();
    expect(await left).toBe(false);
  });

  it('takes no password for a decision on a host key', async () => {
    void desk.begin(web1, []).interaction.answer(aSecretQuestion(), forever);
    desk.trust();
    desk.distrust();
    expect(dialog()?.question?.kind).toBe('secret');
  });

  it('tells what is said without being asked', async () => {
    const { interaction } = desk.begin(web1, []);
    interaction.progress('connecting to hop1');
    expect(await interaction.answer(aSecretQuestion({ prompts: [], instruction: 'Welcome' }), forever)).toEqual([]);
    expect(dialog()?.progress).toEqual(['connecting to hop1', 'Welcome']);
  });

  it('ends all when the dashboard ends', async () => {
    const attempt = desk.begin(web1, []);
    const answers = [
      attempt.interaction.answer(aSecretQuestion(), forever),
      desk.begin(db, []).interaction.answer(aSecretQuestion(), forever),
    ];
    desk.close();
    expect(await Promise.all(answers)).toEqual([null, null]);
    expect(await attempt.left).toBe('close');
    expect(dialog()).toBeNull();
  });
});
