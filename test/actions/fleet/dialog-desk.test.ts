import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DialogDesk } from '../../../src/actions/fleet/dialog-desk.ts';
import { FleetStore } from '../../../src/fleet/fleet-store.ts';
import { createConfirm } from '../../../src/store/form/confirm.ts';
import { createForm } from '../../../src/store/form/form.ts';
import { createOcrStore, type OcrStore } from '../../../src/store/store.ts';
import { inputBegun } from '../../../src/store/typed-line.ts';
import { SETTINGS } from '../../support/builders.ts';

const START = 1_700_000_000_000;
const question = createConfirm({
  name: 'delete',
  title: 'Really?',
  lines: [],
  options: [{ key: 'y', label: 'do it' }],
});
const form = createForm({
  title: 'Prompt',
  submitLabel: 'send',
  fields: [{ kind: 'text', name: 'text', label: 'text' }],
});

describe('keys that were not meant for a dialog', () => {
  let store: OcrStore;
  let desk: DialogDesk;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    store = createOcrStore(new FleetStore(SETTINGS), SETTINGS, false);
    desk = new DialogDesk(store);
  });
  afterEach(() => void vi.useRealTimers());

  const passes = (duration: number) => vi.setSystemTime(Date.now() + duration);
  /** Milliseconds for which keys are dropped. */
  const dropped = () => Math.max(0, store.getState().keysFrom - Date.now());
  const ask = () => void desk.confirm(question);
  const write = () => void desk.form(form, { busy: 'prompting', submit: async () => null });

  it('are dropped for a moment where a key has opened a question', () => {
    desk.began();
    passes(100);
    ask();
    expect(dropped()).toBe(250);
  });

  it('are none after the key of a form: what is typed then is for the form', () => {
    desk.began();
    passes(100);
    write();
    expect(dropped()).toBe(0);
  });

  it.each([
    ['a question', ask],
    ['a form', write],
  ])('are dropped for long where %s opens long after the key', (_name, open) => {
    desk.began();
    passes(501);
    open();
    expect(dropped()).toBe(1500);
  });

  it('are dropped for long where one opens over a form that is typed in', () => {
    desk.began();
    write();
    desk.type({ kind: 'type', text: 'a' });
    ask();
    expect(dropped()).toBe(1500);
  });

  it('are dropped for long where the user types a filter', () => {
    desk.began();
    store.setState(inputBegun('filter'));
    ask();
    expect(dropped()).toBe(1500);
  });

  it('are dropped for a moment where a key of one dialog opens the next', async () => {
    desk.began();
    const first = desk.confirm(question);
    passes(5000);
    desk.press('y', () => ({ count: 0, height: 10 }));
    expect(await first).toBe('y');
    ask();
    expect(dropped()).toBe(250);
  });
});
