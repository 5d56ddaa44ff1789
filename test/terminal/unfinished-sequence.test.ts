import { describe, expect, it } from 'vitest';
import { UnfinishedSequence } from '../../src/terminal/unfinished-sequence.ts';

/** Complete ones, one after the other. */
const PARTS = [
  'text',
  '\r\n',
  '\u001b[1;31m',
  '\u001b[?1049h',
  '\u001b]0;a title\u0007',
  '\u001b]8;;https://x\u001b\\',
  '\u001bP+q544e\u001b\\',
  '\u001b_app\u001b\\',
  '\u001b(B',
  '\u001b7',
  '\u001b=',
  'é',
  '世',
  '😀',
  '\u001b]never ended\u0018',
  '\u001b[12\u001b[34m',
];

function restOf(...chunks: Buffer[]): string {
  const unfinished = new UnfinishedSequence();
  for (const chunk of chunks) unfinished.push(chunk);
  expect(unfinished.isEmpty).toBe(unfinished.bytes.length === 0);
  return unfinished.bytes.toString('latin1');
}

describe('the end of an output', () => {
  it('is complete after complete sequences, however they were cut', () => {
    const all = Buffer.from(PARTS.join(''));
    expect(restOf(all)).toBe('');
    expect(restOf(...[...all].map((byte) => Buffer.from([byte])))).toBe('');
  });

  it.each(PARTS.filter((part) => Buffer.byteLength(part) > 1 && !/^[\w\r]/.test(part)))(
    'holds what there is of %j, wherever it is cut',
    (part) => {
      const bytes = Buffer.from(part);
      for (let cut = 1; cut < bytes.length; cut += 1) {
        const begun = part.startsWith('\u001b[12\u001b') && cut > 4 ? bytes.subarray(4, cut) : bytes.subarray(0, cut);
        expect(restOf(Buffer.from('before'), bytes.subarray(0, cut)), `cut at ${cut}`).toBe(begun.toString('latin1'));
        expect(restOf(...[...bytes.subarray(0, cut)].map((byte) => Buffer.from([byte])))).toBe(
          begun.toString('latin1'),
        );
        expect(restOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe('');
      }
    },
  );

  it('does not hold bytes for ever that are no character', () => {
    expect(restOf(Buffer.from([0xe4, 0x41, 0xff, 0xc3, 0x28]))).toBe('');
  });

  it('does not hold an endless string', () => {
    const unfinished = new UnfinishedSequence();
    unfinished.push(Buffer.from('\u001b]52;c;'));
    for (let times = 0; times < 40; times += 1) unfinished.push(Buffer.alloc(65_536, 'a'));
    expect(unfinished.bytes.length).toBeLessThan(1_100_000);
  });
});
