import { describe, expect, it } from 'vitest';
import { createBindings } from '../../src/components/keys/bindings.ts';
import { findBinding, footerHints, modeOf } from '../../src/components/keys/dispatch.ts';
import { characterKeyName, keyNameOf } from '../../src/components/keys/key-name.ts';
import { layOutLine, segment, truncateSegments, untrusted, widthOf } from '../../src/components/paint/line.ts';
import { createPainter } from '../../src/components/paint/painter.ts';
import { wrapText } from '../../src/components/paint/wrap.ts';
import { arrangeScreen } from '../../src/components/screen.ts';
import { scrollTo } from '../../src/components/tree/scroll.ts';
import { legacyKeys } from '../../src/config/legacy-keys.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { isKeyName } from '../../src/domain/key-name.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { initialState } from '../../src/store/state.ts';
import { aHostKeyQuestion, SETTINGS } from '../support/builders.ts';
import { randomText, seededRandom } from '../support/random.ts';
import { plainPainter } from '../support/render-at.tsx';

type Key = Parameters<typeof keyNameOf>[1];
const press = (input: string, key: Partial<Key> = {}) => keyNameOf(input, key as Key);

describe('the name of a key', () => {
  it.each([
    ['', { upArrow: true }, 'up'],
    ['', { pageDown: true }, 'pgdn'],
    ['\r', { return: true }, 'enter'],
    ['', { escape: true, meta: true }, 'esc'],
    ['', { tab: true }, 'tab'],
    ['', { backspace: true }, 'backspace'],
    [' ', {}, 'space'],
    ['q', {}, 'q'],
    ['G', { shift: true }, 'G'],
    ['c', { ctrl: true }, 'ctrl+c'],
    ['世', {}, '世'],
    ['😀', {}, '😀'],
    ['ab', {}, null],
    ['', {}, null],
  ])('of %j with %j is %j', (input, key, expected) => {
    expect(press(input, key)).toBe(expected);
  });

  it.each([
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\u001b', 'esc'],
    ['\u007f', 'backspace'],
    [' ', 'space'],
    ['x', 'x'],
    ['\u0001', 'ctrl+a'],
    ['\u0015', 'ctrl+u'],
    ['\u0000', null],
    ['\u001f', null],
  ])('of the character %j is %j', (character, expected) => {
    expect(characterKeyName(character)).toBe(expected);
  });
});

describe('the bindings', () => {
  const bindings = createBindings(legacyKeys(defaultConfig));
  const context = { state: initialState(SETTINGS, false), row: undefined, items: [] };

  it('have keys that a terminal can send, a hint and a sentence', () => {
    for (const { keys, hint, description } of bindings) {
      for (const key of keys) expect(isKeyName(key), key).toBe(true);
      expect(typeof hint === 'string' ? hint : hint(context)).not.toBe('');
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('give no key two meanings in one mode', () => {
    for (const mode of ['tree', 'search', 'error', 'help', 'auth', 'trust'] as const) {
      const keys = bindings
        .filter(({ modes }) => modes.includes(mode))
        .flatMap((binding) => [...new Set(binding.keys)]);
      // Esc closes one layer a press.
      expect(
        keys.filter((key, at) => key !== 'esc' && keys.indexOf(key) !== at),
        mode,
      ).toEqual([]);
    }
  });

  it('close the layers of the tree one after the other with esc: a failure, then the search', () => {
    const layers = bindings.filter(({ modes, keys }) => modes.includes('tree') && keys.includes('esc'));
    expect(layers.map(({ action }) => action)).toEqual(['dismissFailures', 'clearSearch']);
    for (const { disabled } of layers) expect(disabled?.(context)).toEqual(expect.any(String));
  });

  it('take the keys that the configuration names', () => {
    const own = createBindings({ ...legacyKeys(defaultConfig), quit: 'x', refresh: 'ctrl+r' });
    expect(findBinding(own, 'tree', 'x', context)?.binding.action).toBe('quit');
    expect(findBinding(own, 'tree', 'q', context)).toBeNull();
    expect(findBinding(own, 'tree', 'ctrl+r', context)?.binding.action).toBe('refresh');
  });

  it('lead out of every mode by ctrl+c, and hint at no key that does nothing', () => {
    for (const mode of ['tree', 'search', 'error', 'help', 'auth', 'trust'] as const) {
      expect(findBinding(bindings, mode, 'ctrl+c', context)?.binding.action).toBe('quit');
      for (const { key } of footerHints(bindings, mode, context)) {
        expect(findBinding(bindings, mode, key, context)?.disabled).toBeNull();
      }
    }
  });

  it('go where the screen is', () => {
    const { state } = context;
    expect(modeOf(state)).toBe('tree');
    expect(modeOf({ ...state, searching: true })).toBe('search');
    expect(modeOf({ ...state, searching: true, errorShown: true })).toBe('error');
    expect(modeOf({ ...state, errorShown: true, helpShown: true })).toBe('help');
    const dialog = { alias: 'a', label: 'a', progress: [], question: null, waiting: 0, commands: [], failure: null };
    const shown = { kind: 'host-key', question: aHostKeyQuestion() } as const;
    expect(modeOf({ ...state, searching: true, dialog })).toBe('auth');
    expect(modeOf({ ...state, dialog: { ...dialog, question: shown } })).toBe('trust');
    expect(modeOf({ ...state, errorShown: true, dialog })).toBe('error');
  });
});

describe('arrangeScreen', () => {
  it.each([
    [80, 20, false],
    [80, 20, true],
    [200, 50, true],
    [110, 10, true],
    [40, 5, true],
    [20, 1, true],
    [10, -2, true],
  ])('divides %i by %i (inspecting: %s) without a gap', (columns, rows, inspecting) => {
    const { height, tree, inspect, beside } = arrangeScreen(columns, rows, inspecting);
    expect(height).toBeGreaterThanOrEqual(1);
    expect(tree.height).toBeGreaterThanOrEqual(1);
    if (inspect === null) expect(tree).toEqual({ columns, height });
    else if (beside)
      expect([tree.columns + inspect.columns, tree.height, inspect.height]).toEqual([columns, height, height]);
    else expect([tree.height + inspect.height, tree.columns, inspect.columns]).toEqual([height, columns, columns]);
  });

  it('puts the panel beside the tree where there is room, else below, else nowhere', () => {
    expect(arrangeScreen(140, 30, true)).toMatchObject({ beside: true, inspect: { height: 30 } });
    expect(arrangeScreen(80, 20, true)).toMatchObject({ beside: false, inspect: { columns: 80 } });
    expect(arrangeScreen(80, 5, true).inspect).toMatchObject({ height: 2 });
    expect(arrangeScreen(80, 2, true).inspect).toBeNull();
  });
});

describe('scrollTo', () => {
  it('moves as little as it can, shows the selected row, and leaves no gap at the end', () => {
    expect(scrollTo(0, 3, 100, 10)).toBe(0);
    expect(scrollTo(0, 10, 100, 10)).toBe(1);
    expect(scrollTo(50, 49, 100, 10)).toBe(49);
    expect(scrollTo(50, 55, 100, 10)).toBe(50);
    expect(scrollTo(95, 99, 100, 10)).toBe(90);
    expect(scrollTo(50, 2, 5, 10)).toBe(0);
    expect(scrollTo(0, 0, 0, 10)).toBe(0);
  });

  it('always has the selected row in sight', () => {
    const random = seededRandom(4);
    let first = 0;
    for (let round = 0; round < 2000; round += 1) {
      const count = 1 + Math.floor(random() * 50);
      const height = 1 + Math.floor(random() * 12);
      const selected = Math.floor(random() * count);
      first = scrollTo(first, selected, count, height);
      expect(first).toBeLessThanOrEqual(selected);
      expect(first + height).toBeGreaterThan(selected);
      expect(first).toBeLessThanOrEqual(Math.max(0, count - height));
    }
  });
});

describe('a line', () => {
  it('has its sides at the edges', () => {
    const text = layOutLine({ left: [segment('left')], right: [segment('right')] }, 14, '…');
    expect(text.map((part) => part.text).join('')).toBe('left     right');
  });

  it('cuts its left side first, and keeps a blank before the right one', () => {
    const text = layOutLine({ left: [segment('a long left side')], right: [segment('right')] }, 12, '…');
    expect(text.map((part) => part.text).join('')).toBe('a lon… right');
  });

  it('is always exactly as wide as its place', () => {
    const random = seededRandom(6);
    const alphabet = ['a', ' ', '漢', '😀', 'e\u0301', 'é', '\u001b[1m', '\n', '👩‍💻'];
    const side = () =>
      Array.from({ length: Math.floor(random() * 4) }, () => untrusted(randomText(random, alphabet, 15)));
    for (let round = 0; round < 2000; round += 1) {
      const columns = 1 + Math.floor(random() * 40);
      const line = { left: side(), right: side() };
      expect(widthOf(layOutLine(line, columns, '…')), JSON.stringify([line, columns])).toBe(columns);
    }
  });

  it('keeps the style of what it cuts', () => {
    expect(truncateSegments([segment('abc', 'good'), segment('def', 'bad')], 5, '…')).toEqual([
      { text: 'abc', colour: 'good' },
      { text: 'd…', colour: 'bad' },
    ]);
  });
});

describe('the painter', () => {
  it('paints nothing but text without colours', () => {
    const painter = plainPainter();
    expect(painter.line({ left: [segment('a', 'bad', true)], selected: true }, 5)).toBe('a    ');
  });

  it('takes every colour of the themes', () => {
    for (const name of ['nightops', 'light', 'minimal'] as const) {
      const painter = createPainter({ theme: plainPainter(name).theme, colour: true });
      for (const colour of Object.keys(painter.theme.colours) as (keyof typeof painter.theme.colours)[]) {
        for (const selected of [true, false]) {
          expect(painter.line({ left: [segment('x', colour, true)], selected }, 3)).toContain('x');
        }
      }
    }
  });

  it('turns the spinner round', () => {
    const painter = plainPainter('minimal');
    expect(painter.spinner(0)).toBe(painter.spinner(4));
    expect(painter.spinner(0)).not.toBe(painter.spinner(1));
  });
});

describe('wrapText', () => {
  it('breaks at blanks, and long words anywhere', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrapText('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(wrapText('', 5)).toEqual(['']);
  });

  it('loses nothing, and has no line too wide', () => {
    const random = seededRandom(8);
    for (let round = 0; round < 500; round += 1) {
      const text = randomText(random, ['a', 'b', ' ', '漢', 'é'], 60);
      const lines = wrapText(text, 9);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(9);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});
