import { describe, expect, it } from 'vitest';
import { TerminalAnswers } from '../../src/terminal/terminal-answers.ts';

const ANSWERS = {
  'primary attributes': '\u001b[?62;22;52c',
  'secondary attributes': '\u001b[>41;370;0c',
  'tertiary attributes': '\u001bP!|7E565445\u001b\\',
  'status report': '\u001b[0n',
  'cursor position': '\u001b[12;40R',
  'extended cursor position': '\u001b[?12;40;1R',
  'private mode report': '\u001b[?2026;2$y',
  'mode report': '\u001b[4;2$y',
  'colour scheme': '\u001b[?997;1n',
  'foreground colour': '\u001b]10;rgb:ffff/ffff/ffff\u0007',
  'background colour': '\u001b]11;rgb:0000/0000/0000\u001b\\',
  'cursor colour': '\u001b]12;rgba:00/00/00/ff\u001b\\',
  'palette colour': '\u001b]4;1;rgb:cdcd/0000/0000\u001b\\',
  'selection colours': '\u001b]17;rgb:00/00/00\u0007\u001b]19;rgb:ff/ff/ff\u0007',
  clipboard: '\u001b]52;c;cXF1aXQ=\u0007',
  'window title': '\u001b]lquit q y d\u001b\\',
  'icon title': '\u001b]Lq\u001b\\',
  'terminal version': '\u001bP>|XTerm(370)\u001b\\',
  capability: '\u001bP1+r544e=787465726d\u001b\\',
  setting: '\u001bP1$r0m\u001b\\',
  'kitty keyboard flags': '\u001b[?1u',
  'kitty graphics': '\u001b_Gi=31;OK\u001b\\',
  'window size': '\u001b[8;24;80t\u001b[4;600;800t\u001b[48;24;80;600;800t',
  parameters: '\u001b[2;1;1;112;112;1;0x',
  'key modifiers': '\u001b[>4;2m',
} as const;

const REPORTS = ['\u001b[I', '\u001b[O', '\u001b[<35;10;5M', '\u001b[<0;10;5m', '\u001b[M qy', '\u001b[35;10;5M'];

const KEYS = [
  ...[
    'q',
    'é',
    '世',
    '\r',
    '\u0003',
    '\u001a',
    '\u001bOA',
    '\u001b[A',
    '\u001b[1;5C',
    '\u001b[3~',
    '\u001b[Z',
    '\u001bOM',
  ],
  ...[
    '\u001b[[A',
    '\u001b[2$',
    '\u001b[97;5u',
    '\u001b[122;5:1u',
    '\u001b[27;5;122~',
    '\u001b[R',
    '\u001bx',
    '\u001b[15~',
  ],
  '\u001b[200~pasted \u001b[?1;2c \u001b]11;x\u0007 text\u001b[201~',
  '\u001bPq',
  '\u001b]x',
] as const;

describe('what comes from a terminal', () => {
  it.each(Object.entries(ANSWERS))('is no key when it is an answer: %s', (_name, answer) => {
    for (let cut = 0; cut <= answer.length; cut += 1) {
      const input = new TerminalAnswers();
      const parts = [input.push(`j${answer.slice(0, cut)}`), input.push(`${answer.slice(cut)}k`)];
      expect(parts.map(({ keys }) => keys).join('')).toBe('jk');
      expect(parts.map(({ answers }) => answers).join('')).toBe(answer);
      expect(input.held).toBe('nothing');
    }
  });

  it.each(REPORTS)('is neither when it is a report of the mouse or the focus: %j', (report) => {
    for (let cut = 0; cut <= report.length; cut += 1) {
      const input = new TerminalAnswers();
      const parts = [input.push(`j${report.slice(0, cut)}`), input.push(`${report.slice(cut)}k`)];
      expect(parts.map(({ keys }) => keys).join('')).toBe('jk');
      expect(parts.map(({ reports }) => reports).join('')).toBe(report);
    }
  });

  it.each(KEYS)('is passed on when it is a key or pasted text: %j', (key) => {
    for (let cut = 0; cut <= key.length; cut += 1) {
      const input = new TerminalAnswers();
      const first = input.push(key.slice(0, cut));
      expect(first.keys + input.push(key.slice(cut)).keys + input.giveUp()).toBe(key);
    }
  });

  it('is returned if it was the Escape key, and dropped if it was an unfinished answer', () => {
    const input = new TerminalAnswers();
    for (const key of ['\u001b', '\u001b[', '\u001b]', '\u001bP']) {
      expect(input.push(key).keys).toBe('');
      expect(input.held).toBe('key');
      expect(input.giveUp()).toBe(key);
    }
    for (const half of ['\u001b[?62;2', '\u001b]11;rgb:00', '\u001bP>|XTe', '\u001b[12;4']) {
      expect(input.push(half).keys).toBe('');
      expect(input.held).toBe('answer');
      expect(input.giveUp()).toBe('');
    }
    expect(input.push('q').keys).toBe('q');
  });
});
