import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLANK, type Cell } from '../../scripts/pictures/cell.ts';
import { runsOf } from '../../scripts/pictures/runs.ts';
import { steadyCells } from '../../scripts/pictures/steady-cells.ts';
import { writeSvg } from '../../scripts/pictures/svg.ts';

const paper = { foreground: '#eeeeee', background: '#000000' };

/** A row of cells; a wide character takes two. */
function rowOf(text: string, look: Partial<Cell> = {}): Cell[] {
  return [...text].flatMap((character) => {
    const cell = { ...BLANK, ...look, text: character };
    return /\p{Emoji_Presentation}/u.test(character)
      ? [
          { ...cell, width: 2 },
          { ...cell, text: '', width: 0 },
        ]
      : [cell];
  });
}

const spansOf = (svg: string) => [...svg.matchAll(/<tspan x="(\d+)"(?: textLength="(\d+)")? class="\w+">([^<]*)</g)];

describe('the SVG of a screen', () => {
  it('has the size of its cells and the background of the theme', () => {
    const svg = writeSvg([rowOf('ab'), rowOf('cd')], 'A & B', paper);
    expect(svg).toContain('viewBox="0 0 18 36"');
    expect(svg).toContain('<rect width="100%" height="100%" fill="#000000"/>');
    expect(svg).toContain('<title>A &amp; B</title>');
  });

  it('gives each run its place and its length', () => {
    const svg = writeSvg([rowOf('ab    cd <')], '', paper);
    expect(spansOf(svg).map(([, x, length, text]) => [x, length, text])).toEqual([
      ['0', '18', 'ab'],
      ['54', '36', 'cd &lt;'],
    ]);
  });

  it('places a wide character by its cell, and the text behind it', () => {
    const svg = writeSvg([rowOf('a🟢b')], '', paper);
    expect(spansOf(svg).map(([, x, length]) => [x, length])).toEqual([
      ['0', undefined],
      ['9', '18'],
      ['27', undefined],
    ]);
  });

  it('keeps bold, italic and colours, and one class for each look', () => {
    const svg = writeSvg(
      [[...rowOf('a', { bold: true, foreground: '#ff0000' }), ...rowOf('b', { italic: true })]],
      '',
      paper,
    );
    expect(svg).toContain('.t0{fill:#ff0000;font-weight:bold}.t1{fill:#eeeeee;font-style:italic}');
  });

  it('draws backgrounds, underlines, lines and blocks as paths', () => {
    const svg = writeSvg([rowOf('a ', { background: '#112233', underline: true }), rowOf('──█░')], '', paper);
    expect(svg).toContain('<path fill="#112233" d="M0 0h18v18h-18z"/>');
    expect(svg).toContain('M0 16h18v1h-18z');
    expect(svg).toContain('M0 26.5h18v1h-18z');
    expect(svg).toContain('fill-opacity="0.25" d="M27 18h9v18h-9z"');
    expect(spansOf(svg)).toHaveLength(1);
  });

  it('swaps the colours of an inverse cell', () => {
    const svg = writeSvg([rowOf('x', { inverse: true, foreground: '#00ff00' })], '', paper);
    expect(svg).toContain('.t0{fill:#000000}');
    expect(svg).toContain('<path fill="#00ff00" d="M0 0h9v18h-9z"/>');
  });

  it('covers every cell of a row once, whatever its text', () => {
    const cell = fc.record({
      text: fc.constantFrom('', ' ', 'a', 'b', '─', '█', '▲', '…'),
      foreground: fc.constantFrom(null, '#ff0000'),
      underline: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (looks) => {
        const cells = looks.map((look) => ({ ...BLANK, ...look }));
        const runs = runsOf(cells, paper);
        expect(runs.map(({ text }) => text).join('')).toBe(cells.map(({ text }) => text || ' ').join(''));
        expect(runs.reduce((at, { column, columns }) => (column === at ? at + columns : Number.NaN), 0)).toBe(
          cells.length,
        );
      }),
    );
  });
});

describe('steady cells', () => {
  const textOf = (rows: readonly (readonly Cell[])[]) => rows[0]?.map(({ text }) => text).join('');

  it('have one port for all hosts, and a round trip for each', () => {
    expect(textOf(steadyCells([rowOf('me@127.0.0.1:40123  ssh2')]))).toBe('me@127.0.0.1:22022  ssh2');
    const [first, again] = [steadyCells([rowOf('prod-api  1ms')]), steadyCells([rowOf('● prod-api live   0ms')])];
    expect(textOf(first)?.slice(-3)).toBe(textOf(again)?.slice(-3));
  });

  it('leave other numbers alone', () => {
    const text = 'took 31ms, waited 10ms, 127.0.0.1:80';
    expect(textOf(steadyCells([rowOf(text)]))).toBe(text);
  });
});
