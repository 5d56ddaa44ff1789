import { printable } from '../../domain/printable.ts';
import { BOX_MARGIN, boxLines, type KeyHint } from '../paint/box.ts';
import { type Line, type Segment, segment, truncateSegments, widthOf } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { wrapText } from '../paint/wrap.ts';

/** What `ocr` found when it looked for hosts. */
export interface WelcomeFacts {
  readonly sshConfig: {
    /** For display, such as `~/.ssh/config`. */
    readonly path: string;
    readonly exists: boolean;
    /** Hosts that it names, also those that the configuration leaves out. */
    readonly hosts: number;
  };
  /** True if this machine has an opencode, though it is not shown. */
  readonly localOpencode: boolean;
}

/** Width of the panel with its frame. Narrower screens show it without one. */
const PANEL_COLUMNS = 58;
/** A column of the frame's room stays free before its right edge. */
const TEXT_COLUMNS = PANEL_COLUMNS - BOX_MARGIN - 1;

export const WELCOME_KEYS: readonly KeyHint[] = [
  { key: 'r', hint: 'look again' },
  { key: 'E', hint: 'edit config' },
  { key: 'D', hint: 'demo' },
  { key: '?', hint: 'help' },
  { key: 'q', hint: 'quit' },
];

/** A part of the text. The higher its rank, the sooner it gives way on a low screen. */
interface Paragraph {
  readonly rank: number;
  readonly sign?: Segment;
  readonly text: string;
  readonly indent?: number;
  readonly isDim?: boolean;
}

/**
 * Returns the panel that is shown until there is a host: what was found, and three ways on. Each line is at most `columns` wide; with room for its frame, it
 * stands in the middle.
 *
 * @param rows of the screen; on a low one, examples and blank lines give way
 */
export function welcomeLines(
  facts: WelcomeFacts,
  painter: Painter,
  columns: number,
  rows = Number.POSITIVE_INFINITY,
): Line[] {
  const paragraphs = paragraphsOf(facts, painter);
  if (columns < PANEL_COLUMNS) {
    const keys = keyLines(columns);
    const title: Line = { left: [segment('Welcome to ocr', 'accent', true)] };
    return [title, ...fitParagraphs(paragraphs, columns, rows - keys.length - 1), ...keys].slice(0, rows);
  }
  const body = fitParagraphs(paragraphs, TEXT_COLUMNS, rows - 2);
  const box = boxLines({ title: 'Welcome to ocr', body, keys: WELCOME_KEYS, columns: PANEL_COLUMNS, painter });
  const margin = segment(' '.repeat(Math.floor((columns - PANEL_COLUMNS) / 2)));
  return box.map((line) => ({ ...line, left: [margin, ...line.left] })).slice(0, rows);
}

function paragraphsOf({ sshConfig, localOpencode }: WelcomeFacts, painter: Painter): Paragraph[] {
  const found = (isFine: boolean) => ({
    sign: isFine ? segment(painter.glyph('done'), 'good') : segment(painter.glyph('hostError'), 'bad'),
  });
  const path = printable(sshConfig.path);
  const gap = { rank: 5, text: '' };
  const example = (text: string, indent = 4) => ({ rank: 3, text, indent, isDim: true });
  return [
    {
      rank: 2,
      text: 'ocr shows the opencode sessions of every host that you reach with ssh, and which of them need you.',
    },
    gap,
    { rank: 1, ...found(false), text: describeHosts(path, sshConfig) },
    {
      rank: 1,
      ...found(localOpencode),
      text: localOpencode ? 'opencode on this machine' : 'no opencode on this machine',
    },
    gap,
    { rank: 0, text: `1 Add a host to ${path}, then press r` },
    example('Host my-server'),
    example('HostName 203.0.113.7', 6),
    example('User me', 6),
    ...(localOpencode
      ? [{ rank: 0, text: '2 Or show this machine: press E, set hosts.local to true' }]
      : [
          { rank: 0, text: '2 Or use this machine: install opencode, press r' },
          example('curl -fsSL https://opencode.ai/install | bash'),
        ]),
    { rank: 0, text: '3 Or look around first with simulated hosts' },
    { rank: 0, text: 'press D, the same as: ocr demo', indent: 4 },
    gap,
  ];
}

function describeHosts(path: string, { exists, hosts }: WelcomeFacts['sshConfig']): string {
  if (!exists) return `no hosts in ${path} (there is no such file)`;
  if (hosts === 0) return `no hosts in ${path}`;
  return `${hosts} ${hosts === 1 ? 'host' : 'hosts'} in ${path}, all left out by the configuration`;
}

/** Leaves out the highest ranks until the rest fits. */
function fitParagraphs(paragraphs: readonly Paragraph[], columns: number, rows: number): Line[] {
  const ranks = [...new Set(paragraphs.map(({ rank }) => rank))].sort((one, other) => other - one);
  let shown = [...paragraphs];
  for (const rank of ranks) {
    const lines = shown.flatMap((paragraph) => paragraphLines(paragraph, columns));
    if (lines.length <= rows || rank === 0) return lines.slice(0, Math.max(0, rows));
    shown = shown.filter((paragraph) => paragraph.rank !== rank);
  }
  return [];
}

function paragraphLines({ sign, text, indent = 0, isDim = false }: Paragraph, columns: number): Line[] {
  const margin = Math.min(indent, Math.max(0, columns - 10));
  const start = sign === undefined ? [] : [sign, segment(' ')];
  const room = Math.max(1, columns - margin - widthOf(start));
  return wrapText(text, room).map((line, at) => {
    const before = at === 0 ? start : [segment(' '.repeat(widthOf(start)))];
    return { left: [segment(' '.repeat(margin)), ...before, segment(line, isDim ? 'dim' : 'text')] };
  });
}

/** Returns the keys in as many lines as they need. */
function keyLines(columns: number): Line[] {
  const lines: Segment[][] = [];
  for (const { key, hint } of WELCOME_KEYS) {
    const shown = [segment(key, 'accent', true), segment(` ${hint}`, 'dim')];
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 2 + widthOf(shown) <= columns) last.push(segment('  '), ...shown);
    else lines.push(truncateSegments(shown, columns, '~'));
  }
  return lines.map((left) => ({ left }));
}
