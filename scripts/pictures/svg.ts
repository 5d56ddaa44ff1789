import { blockOf, CELL, rectangle } from './blocks.ts';
import type { Cell } from './cell.ts';
import { type Run, runsOf } from './runs.ts';

/** Colours where a cell has none of its own. */
export interface Paper {
  readonly foreground: string;
  readonly background: string;
}

const FONTS = "'DejaVu Sans Mono','JetBrains Mono',Menlo,Consolas,'Liberation Mono',monospace";
const FONT_SIZE = 15;
/** From the top of a cell to the line that its text stands on, and to its underline. */
const [BASELINE, UNDERLINE] = [14, 16];

/**
 * Writes a screen as SVG. Each run of text has its place and its length in cells, so a font of another width shifts nothing; blocks, lines,
 * backgrounds and underlines are paths. The same cells give the same text.
 */
export function writeSvg(rows: readonly (readonly Cell[])[], title: string, paper: Paper): string {
  const [width, height] = [(rows[0]?.length ?? 0) * CELL.width, rows.length * CELL.height];
  const classes = new Classes();
  const [grounds, shapes] = [new Paths(), new Paths()];
  const lines: string[] = [];
  for (const [row, cells] of rows.entries()) {
    const spans: string[] = [];
    const runs = runsOf(cells, paper);
    for (const { background, column, columns } of groundsOf(runs)) {
      const [x, y] = [column * CELL.width, row * CELL.height];
      if (background !== paper.background)
        grounds.add(background, 1, rectangle(x, y, columns * CELL.width, CELL.height));
    }
    for (const run of runs) {
      const { column, columns, text, colour } = run;
      const [x, y, wide] = [column * CELL.width, row * CELL.height, columns * CELL.width];
      if (run.underline) shapes.add(colour, 1, rectangle(x, y + UNDERLINE, wide, 1));
      const first = text[0] ?? '';
      const block = run.isRepeated ? blockOf(first, column, row, columns) : null;
      if (block !== null) shapes.add(colour, block.opacity, block.path);
      else if (text.trim() !== '') spans.push(span(run, classes.of(colour, run.bold, run.italic)));
    }
    if (spans.length > 0) lines.push(`<text y="${row * CELL.height + BASELINE}">${spans.join('')}</text>`);
  }
  const font = `font-family="${FONTS}" font-size="${FONT_SIZE}" xml:space="preserve"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${font}>`,
    `<title>${escapeXml(title)}</title><style>${classes.rules()}</style>`,
    `<rect width="100%" height="100%" fill="${paper.background}"/>`,
    ...grounds.elements(),
    ...shapes.elements(),
    ...lines,
    '</svg>\n',
  ].join('\n');
}

/** Joins neighbouring runs on one background. */
function groundsOf(runs: readonly Run[]): Pick<Run, 'background' | 'column' | 'columns'>[] {
  const joined: Pick<Run, 'background' | 'column' | 'columns'>[] = [];
  for (const { background, column, columns } of runs) {
    const last = joined.at(-1);
    if (last?.background === background) joined[joined.length - 1] = { ...last, columns: last.columns + columns };
    else joined.push({ background, column, columns });
  }
  return joined;
}

function span({ column, columns, text }: Run, name: string): string {
  const shown = text.trimEnd();
  // Only plain text ends in blanks, and each of its characters takes a cell.
  const cells = columns - (text.length - shown.length);
  const length = cells > 1 ? ` textLength="${cells * CELL.width}"` : '';
  return `<tspan x="${column * CELL.width}"${length} class="${name}">${escapeXml(shown)}</tspan>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Short names for the looks of text, in the order of their first use. */
class Classes {
  readonly #names = new Map<string, string>();

  of(colour: string, bold: boolean, italic: boolean): string {
    const rule = `fill:${colour}${bold ? ';font-weight:bold' : ''}${italic ? ';font-style:italic' : ''}`;
    const name = this.#names.get(rule) ?? `t${this.#names.size}`;
    this.#names.set(rule, name);
    return name;
  }

  rules(): string {
    return [...this.#names].map(([rule, name]) => `.${name}{${rule}}`).join('');
  }
}

/** Shapes of one colour are one path. */
class Paths {
  readonly #paths = new Map<string, string>();

  add(colour: string, opacity: number, path: string): void {
    const look = `fill="${colour}"${opacity === 1 ? '' : ` fill-opacity="${opacity}"`}`;
    this.#paths.set(look, (this.#paths.get(look) ?? '') + path);
  }

  elements(): string[] {
    return [...this.#paths].map(([look, path]) => `<path ${look} d="${path}"/>`);
  }
}
