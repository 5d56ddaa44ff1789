import { describe, expect, it } from 'vitest';
import { DetachKey } from '../../src/terminal/detach-key.ts';

function read(...chunks: string[]): { typed: string; detaches: boolean } {
  const key = new DetachKey();
  let typed = '';
  for (const chunk of chunks) {
    const found = key.read(Buffer.from(chunk, 'latin1'));
    typed += found.typed.toString('latin1');
    if (found.detaches) return { typed, detaches: true };
  }
  return { typed, detaches: false };
}

describe('the key that leaves a program', () => {
  it.each([
    ['as it always was', '\u001d'],
    ['of the kitty keyboard', '\u001b[93;5u'],
    ['of the kitty keyboard with num lock', '\u001b[93;133u'],
    ['of the kitty keyboard with the kind of event', '\u001b[93;5:1u'],
    ['of the kitty keyboard, repeated', '\u001b[93;5:2u'],
    ['of the kitty keyboard with other keys and text', '\u001b[93:125:93;5:1;93u'],
    ['of modifyOtherKeys', '\u001b[27;5;93~'],
    ['of modifyOtherKeys with caps lock', '\u001b[27;69;93~'],
  ])('is found %s, and what follows it is dropped', (_name, key) => {
    expect(read(`ab${key}cd`)).toEqual({ typed: 'ab', detaches: true });
    for (let cut = 3; cut < key.length; cut += 1) {
      expect(read('ab', key.slice(0, cut), `${key.slice(cut)}cd`), `cut at ${cut}`).toEqual({
        typed: 'ab',
        detaches: true,
      });
    }
  });

  it.each([
    ['] alone', ']'],
    ['the key let go', '\u001b[93;5:3u'],
    ['with alt too', '\u001b[93;7u'],
    ['another key of the kitty keyboard', '\u001b[97;5u'],
    ['another key of modifyOtherKeys', '\u001b[27;5;97~'],
    ['arrows, functions and a mouse', '\u001b[A\u001bOP\u001b[15~\u001b[<0;93;5M\u001b[1;5C'],
    ['Escape and Alt', '\u001b\u001b[\u001bx'],
    ['what is no text', '\u00ff\u0000\u0080'],
  ])('is not %s, which goes to the program as it is', (_name, typed) => {
    expect(read(typed)).toEqual({ typed, detaches: false });
    expect(read(...typed)).toEqual({ typed, detaches: false });
  });

  it('is none in what is pasted, and one again after it', () => {
    const paste = '\u001b[200~a\u001db\u001b[93;5uc\u001b[201~';
    expect(read(paste)).toEqual({ typed: paste, detaches: false });
    expect(read('\u001b[200~a\u001d', 'b', '\u001d\u001b[201~x\u001d')).toEqual({
      typed: '\u001b[200~a\u001db\u001d\u001b[201~x',
      detaches: true,
    });
  });

  it('is one again after a paste whose end comes in pieces', () => {
    const end = '\u001b[201~';
    for (let cut = 1; cut < end.length; cut += 1) {
      expect(read(`\u001b[200~a${end.slice(0, cut)}`, `${end.slice(cut)}x\u001d`), `cut at ${cut}`).toEqual({
        typed: `\u001b[200~a${end}x`,
        detaches: true,
      });
    }
    expect(read('\u001b[200~a\u001b', '[', '20b\u001d', end)).toEqual({
      typed: `\u001b[200~a\u001b[20b\u001d${end}`,
      detaches: false,
    });
  });

  it('does not hold Escape back', () => {
    expect(new DetachKey().read(Buffer.from('\u001b')).typed.toString()).toBe('\u001b');
  });
});
