import { describe, expect, it } from 'vitest';
import { printable } from '../../src/domain/printable.ts';
import { randomText, seededRandom } from '../support/random.ts';

const ESC = '\u001b';

type Range = readonly [number, number];

/** Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 16.0. */
const IGNORABLE: readonly Range[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];
/** Keycap and skin tones; other format characters (Cf of UnicodeData.txt, 16.0); surrogates; noncharacters. */
const ALSO_DROPPED: readonly Range[] = [
  [0x20e3, 0x20e3],
  [0x1f3fb, 0x1f3ff],
  [0x600, 0x605],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0xfff9, 0xfffb],
  [0x13430, 0x1343f],
  [0xd800, 0xdfff],
  [0xfdd0, 0xfdef],
  ...Array.from({ length: 17 }, (_, plane): Range => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]),
];
const codesOf = ([first, last]: Range) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('printable', () => {
  it.each(['', 'plain', 'Grüße, 世界', 'ação çñß', '東京 – naïve', 'שלום', 'नमस्ते', '$(rm -rf /) `x` \'"'])(
    'leaves %j as it is',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  it.each([
    ['colours', `a${ESC}[31;1mb${ESC}[0mc`, 'abc'],
    ['cursor movement', `a${ESC}[2J${ESC}[10;20Hb`, 'ab'],
    ['private modes', `a${ESC}[?1049hb${ESC}[>4;2mc`, 'abc'],
    ['intermediate bytes', `a${ESC}[1 qb`, 'ab'],
    ['a title (OSC, ended by BEL)', `a${ESC}]0;evil\u0007b`, 'ab'],
    ['a link (OSC, ended by ST)', `${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    ['the clipboard (OSC 52) without an end', `a${ESC}]52;c;ZXZpbA==`, 'a'],
    ['device control', `a${ESC}Pq#0;evil${ESC}\\b`, 'ab'],
    ['privacy messages and application commands', `a${ESC}^x${ESC}\\b${ESC}_y${ESC}\\c${ESC}Xz${ESC}\\d`, 'abcd'],
    ['character sets', `a${ESC}(0b${ESC})Bc`, 'abc'],
    ['two-byte escapes', `a${ESC}7b${ESC}8c${ESC}Md`, 'abcd'],
    ['full reset', `a${ESC}cb`, 'ab'],
    ['a lone escape at the end', `a${ESC}`, 'a'],
    ['a sequence that is cut short', `a${ESC}[31`, 'a'],
    ['8-bit CSI', 'a\u009b31mb', 'ab'],
    ['8-bit OSC with 8-bit ST', 'a\u009d0;evil\u009cb', 'ab'],
    ['8-bit DCS', 'a\u0090evil\u001b\\b', 'ab'],
  ])('drops %s', (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it.each([
    ['a newline', 'a\nb'],
    ['a carriage return and newline', 'a\r\nb'],
    ['a tab', 'a\tb'],
    ['NUL', 'a\u0000b'],
    ['a bell', 'a\u0007b'],
    ['a backspace', 'a\bb'],
    ['DEL', 'a\u007fb'],
    ['a C1 control', 'a\u0085b'],
    ['many of them', 'a\r\n\t\u0000\n\n\u0080b'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
  ])('turns %s into one space', (_name, text) => {
    expect(printable(text)).toBe('a b');
  });

  it.each([...'\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff'])(
    'drops the mark %j that hides or reorders text',
    (mark) => {
      expect(printable(`a${mark}b`)).toBe('ab');
    },
  );

  it('drops tags and lone surrogates, but keeps pairs', () => {
    expect(printable('a\u{e0041}\u{e007f}b')).toBe('ab');
    expect(printable('a\ud83db\ude00c')).toBe('abc');
    expect(printable('a😀b')).toBe('a😀b');
  });

  it('takes joined emoji apart into their pictures', () => {
    expect(printable('👩‍💻')).toBe('👩💻');
    expect(printable('👨‍👩‍👧‍👦!')).toBe('👨👩👧👦!');
    expect(printable('👍🏽')).toBe('👍');
    expect(printable('❤️')).toBe('❤');
    expect(printable('1️⃣')).toBe('1');
  });

  it('keeps combining marks and the joiner of scripts that need it', () => {
    expect(printable('e\u0301')).toBe('e\u0301');
    expect(printable('क्‍ष')).toBe('क्‍ष');
  });

  it('keeps joiners only where they shape a letter', () => {
    expect(printable('می\u200cخواهم')).toBe('می\u200cخواهم');
    expect(printable('क\u200d\u200d\u200dष')).toBe('क\u200dष');
    expect(printable('r\u200cm\u200d -rf\u200c')).toBe('rm -rf');
  });

  it('drops every code point that is not seen, and nothing else but controls, emoji variants and noncharacters', () => {
    const dropped: number[] = [];
    for (let code = 0xa0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      const clean = printable(`a${character}b`);
      if (clean === 'ab') dropped.push(code);
      else if (clean !== `a${character}b`) expect(clean, code.toString(16)).toBe('a b');
    }
    expect(IGNORABLE.flatMap(codesOf).filter((code) => !dropped.includes(code))).toEqual([]);
    const expected = new Set([...IGNORABLE, ...ALSO_DROPPED].flatMap(codesOf));
    expect(dropped.filter((code) => !expected.has(code)).map((code) => code.toString(16))).toEqual([]);
  });

  it('makes any text safe', () => {
    const random = seededRandom(1);
    const alphabet = [
      ...'aZ0[]();?!#$\\^_PXq mHhl~@/é漢😀\u0301\u200d',
      ...'\u0000\u0007\b\t\n\r\u001b\u007f\u0080\u0085\u0090\u009b\u009c\u009d\u009e\u009f',
      ...'\u00ad\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff',
      ...['\ud83d', '\ude00', '\u001b[', '\u001b]', '\u001b\\', '\u{e0041}', '🏽', '\ufe0f'],
    ];
    for (let round = 0; round < 5000; round += 1) {
      const text = randomText(random, alphabet, 24);
      const clean = printable(text);
      expect(clean, JSON.stringify(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(clean, JSON.stringify(text)).not.toMatch(/[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
      expect(clean.isWellFormed(), JSON.stringify(text)).toBe(true);
    }
  });

  it('changes nothing more the second time', () => {
    const random = seededRandom(2);
    const alphabet = [
      ...'ab[];m\\ é漢😀👩\u0301\u0000\n\u001b\u007f\u009b\u009d\u202e\u200b',
      ...['\ud83d', '\ude00', '\u001b[31m', '\u001b]0;x\u0007'],
    ];
    for (let round = 0; round < 5000; round += 1) {
      const text = randomText(random, alphabet, 16);
      const clean = printable(text);
      expect(printable(clean), JSON.stringify(text)).toBe(clean);
    }
  });
});
