import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseReader } from '../../../src/opencode/server/sse-reader.ts';

const read = (...pieces: string[]) => {
  const reader = new SseReader();
  return pieces.flatMap((piece) => reader.read(piece));
};

describe('the reader of server-sent events', () => {
  it('gives the data of each event that is complete', () => {
    expect(read('data: one\n\ndata:two\n\ndata: thr')).toEqual(['one', 'two']);
  });

  it('joins data lines and passes over names, ids, comments and events without data', () => {
    expect(read(': hi\n\nevent: x\nid: 7\ndata: a\ndata: b\n\nretry: 5\n\ndata\n\n')).toEqual(['a\nb']);
  });

  it('takes both ends of lines', () => {
    expect(read('data: a\r\n\r\ndata: b\n\r\n')).toEqual(['a', 'b']);
  });

  it.each([['x'], ['data: x\n']])('fails on an event that has no end: %j again and again', (piece) => {
    const reader = new SseReader();
    const endless = () => {
      const long = piece.repeat(2 ** 20);
      for (let length = 0; length < 40 * 2 ** 20; length += long.length) reader.read(long);
    };
    expect(endless).toThrow('an event without an end');
  });

  it('takes many events that are long together', () => {
    const event = `data: ${'x'.repeat(2 ** 20)}\n\n`;
    const reader = new SseReader();
    for (let count = 0; count < 20; count += 1) expect(reader.read(event)).toHaveLength(1);
  });

  it('gives the same wherever the text is cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(400)), (lines, end, cuts) => {
        const text = lines.map((data) => `data: ${data}${end}${end}`).join('');
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(read(...pieces)).toEqual(lines);
      }),
    );
  });
});
