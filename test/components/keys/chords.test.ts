import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Binding } from '../../../src/components/keys/binding.ts';
import { DEFAULT_BINDINGS } from '../../../src/components/keys/bindings.ts';
import { chordStrip } from '../../../src/components/keys/chord-strip.ts';
import { Chords } from '../../../src/components/keys/chords.ts';
import { FleetStore } from '../../../src/fleet/fleet-store.ts';
import { createOcrStore } from '../../../src/store/store.ts';
import { SETTINGS } from '../../support/builders.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(chordWait = 400) {
  const store = createOcrStore(new FleetStore(SETTINGS), SETTINGS, false);
  const chords = new Chords(store);
  const around = () => ({ state: store.getState(), row: undefined, items: [] });
  const performed: string[] = [];
  const perform = (binding: Binding) => void performed.push(binding.name);
  const press = (key: string) => {
    const found = chords.press(key, 'list', around, { bindings: DEFAULT_BINDINGS, chordWait, perform });
    return typeof found === 'object' ? (found?.name ?? null) : found;
  };
  return { store, press, performed, chord: () => store.getState().chord, around };
}

describe('a chord', () => {
  it('is put together from its keys', () => {
    const { press, chord } = open();
    expect([press('g'), chord()?.keys, press('g'), chord()]).toEqual(['waits', 'g', 'top', null]);
  });

  it('leaves the other keys alone', () => {
    const { press, chord } = open();
    expect([press('j'), press('x'), press('ä'), chord()]).toEqual(['down', 'stop', null, null]);
  });

  it('waits, then performs what its first key does by itself', () => {
    const { press, performed, chord } = open();
    press('g');
    vi.advanceTimersByTime(399);
    expect(performed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([performed, chord()]).toEqual([['git_clone'], null]);
    expect(press('g')).toBe('waits');
  });

  it('waits without end where its first key does nothing by itself', () => {
    const { store, press, performed, chord } = open();
    store.setState({ view: 'sessions' });
    press('S');
    vi.advanceTimersByTime(60_000);
    expect([performed, chord()?.keys, press('c')]).toEqual([[], 'S', 'sort_cost']);
    expect([press('S'), press('enter')]).toEqual(['waits', 'S does nothing by itself']);
  });

  it('says after a moment how it may go on', () => {
    const { press, chord } = open();
    press('g');
    expect(chord()?.isShown).toBe(false);
    vi.advanceTimersByTime(150);
    expect(chord()?.isShown).toBe(true);
    press('t');
    vi.advanceTimersByTime(1000);
    expect(chord()).toBeNull();
  });

  it('is given up by Esc, and cut short by Enter', () => {
    const { press, performed, chord } = open();
    expect([press('g'), press('esc'), chord()]).toEqual(['waits', 'waits', null]);
    expect([press('g'), press('enter'), chord()]).toEqual(['waits', 'git_clone', null]);
    vi.advanceTimersByTime(1000);
    expect(performed).toEqual([]);
  });

  it('names the keys that mean nothing together', () => {
    const { press, chord } = open();
    expect([press('g'), press('ö'), chord()]).toEqual(['waits', 'gö does nothing', null]);
  });

  it('does not wait with chord_wait 0 where the first key does something by itself', () => {
    const { press, chord } = open(0);
    expect([press('g'), chord()]).toEqual(['git_clone', null]);
  });

  it('has a strip with its next keys, what Enter does, and the way out', () => {
    const { around } = open();
    const text = chordStrip(DEFAULT_BINDINGS, 'list', 'g', around(), 200)
      .map(({ left }) => left.map((part) => part.text).join(''))
      .join('\n');
    expect(text).toBe(' g  c Clone repo…  g Top  t Next view  T Previous view  enter Clone repo…  esc Cancel');
    const narrow = chordStrip(DEFAULT_BINDINGS, 'list', 'g', around(), 40);
    expect(narrow.length).toBeGreaterThan(1);
  });
});
