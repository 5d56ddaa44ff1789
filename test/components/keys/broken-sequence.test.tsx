import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { BrokenSequence } from '../../../src/components/keys/broken-sequence.ts';
import { hostKey } from '../../../src/store/keys.ts';
import { answered } from '../../support/builders.ts';
import { openDashboard } from '../open-dashboard.tsx';

const plain = { escape: false, meta: false };

describe('the rest of a key that was cut in two', () => {
  it.each([
    [
      'after its escape',
      [
        ['', { escape: true, meta: false }],
        ['[A', plain],
      ],
      [false, true],
    ],
    [
      'within its parameters',
      [
        ['[1;', plain],
        ['5', plain],
        ['C', plain],
      ],
      [true, true, true],
    ],
    [
      'after its bracket',
      [
        ['[', plain],
        ['B', plain],
        ['B', plain],
      ],
      [false, true, false],
    ],
    [
      'of the application mode',
      [
        ['O', { escape: false, meta: true }],
        ['B', plain],
      ],
      [false, true],
    ],
  ] as const)('is none: %s', (_where, events, expected) => {
    const broken = new BrokenSequence();
    expect(events.map(([input, key], at) => broken.isRest(input, key, at * 50))).toEqual(expected);
  });

  it('is a key when it comes late, or behind anything else', () => {
    const broken = new BrokenSequence();
    expect(broken.isRest('[', plain, 0)).toBe(false);
    expect(broken.isRest('A', plain, 100)).toBe(false);
    expect(broken.isRest(']', plain, 110)).toBe(false);
    expect(broken.isRest('A', plain, 120)).toBe(false);
  });

  it('does not act on the selected row', async () => {
    const run = vi.fn();
    const { store, screen, shows } = openDashboard([answered('web1', [])], { actions: { run } });
    await shows('web1');
    // However long the machine takes between two parts.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    for (const part of ['\u001b', '[A', '\u001b[', 'B', '\u001b[1;5', 'D']) {
      screen.press(part);
      // Longer than Ink waits for the rest.
      await sleep(40);
    }
    vi.restoreAllMocks();
    expect(run).not.toHaveBeenCalled();
    expect(store.getState().view).toBe('fleet');
    screen.press('\u001b[B');
    await vi.waitFor(() => expect(store.getState().selected?.key).toBe(hostKey('web1')));
  });
});
