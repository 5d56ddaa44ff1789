import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptScreen } from '../../src/terminal/kept-screen.ts';
import { TerminalColours } from '../../src/terminal/terminal-colours.ts';
import { aTerminal, cursor, type Real, seen, write } from './real-terminal.ts';

const SIZE = { columns: 20, rows: 6 };
async function aScreen(text: string, size = SIZE): Promise<KeptScreen> {
  const screen = new KeptScreen(size, new TerminalColours(), () => {});
  await tell(screen, text);
  return screen;
}

const tell = (screen: KeptScreen, text: string, answers = false) =>
  new Promise<void>((resolve) => screen.write(Buffer.from(text), answers, resolve));

/** The output of a program on one terminal that is always shown, and of another on which it is restored. */
async function compare(text: string, size = SIZE): Promise<{ direct: Real; restored: Real }> {
  const [direct, restored] = [aTerminal(size), aTerminal(size)];
  await write(direct, text);
  await write(restored, 'what was there before\r\n'.repeat(9));
  await write(restored, (await aScreen(text, size)).restoring);
  return { direct, restored };
}

describe('a kept screen is restored', () => {
  it.each([
    ['text at its places', 'one\u001b[3;5Htwo\u001b[6;20Hx\u001b[2;2H'],
    [
      'colours and looks',
      '\u001b[1;31mred\u001b[0;38;5;200;4mpink\u001b[48;2;1;2;3;9;3;7mall\u001b[0m plain \u001b[92;103;53mx',
    ],
    ['an erased background', '\u001b[44m\u001b[2J\u001b[3;3Hx\u001b[0;42m\u001b[5;1H\u001b[K'],
    ['wide and combined characters', 'a世界b\r\ne\u0301x \u{1f600}y\r\n한국어 漢字'],
    ['half of a wide character', '世\u001b[1;2H\u001b[2@x'],
    ['the second half of a wide character alone, in its background', '\u001b[44m世\b\u001b[2@'],
    ['the second half of a wide character alone, in its colour', '\u001b[38;5;0m😀\b\u001b[2@'],
    ['a line to its end', '12345678901234567890'],
    ['a wide character at the end of a line', '123456789012345678世'],
    ['lines that wrapped', '1234567890123456789012345\u001b[31m67890'],
    ['lines that scrolled away', Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\r\n')],
    ['drawn lines', '\u001b(0lqqk\u001b(B x'],
    ['the alternate screen', 'below\u001b[?1049h\u001b[Habove\u001b[2;3H'],
    ['the usual screen after the other', 'below\u001b[?1049habove\u001b[?1049l!'],
  ])('with %s', async (_name, text) => {
    const { direct, restored } = await compare(text);
    expect(seen(restored)).toEqual(seen(direct));
    expect(cursor(restored)).toEqual(cursor(direct));
    // The following output looks the same as it would have.
    for (const terminal of [direct, restored]) await write(terminal, 'Zz');
    expect(seen(restored)).toEqual(seen(direct));
    expect(restored.buffer.active.type).toBe('alternate');
  });

  it('whatever was printed', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a',
        'word ',
        '世',
        '😀',
        'e\u0301',
        '\r\n',
        '\b',
        '\t',
        '\u001b[K',
        '\u001b[2J',
        '\u001b[1L',
        '\u001b[3P',
        '\u001b[2@',
      ),
      fc
        .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 22 }))
        .map(([row, column]) => `\u001b[${row};${column}H`),
      fc.constantFrom(0, 1, 2, 3, 4, 7, 22, 27, 31, 39, 44, 49, 97, 105).map((code) => `\u001b[${code}m`),
      fc.tuple(fc.constantFrom(38, 48), fc.nat(255)).map(([code, colour]) => `\u001b[${code};5;${colour}m`),
      fc.constantFrom('\u001b[?1049h', '\u001b[?1049l', '\u001b[2;4r', '\u001b[r', '\u001b[?25l', '\u001b[?25h'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const { direct, restored } = await compare(pieces.join(''));
        expect(seen(restored)).toEqual(seen(direct));
        expect(cursor(restored)).toEqual(cursor(direct));
      }),
    );
  });

  it.each([
    ['the mouse', '\u001b[?1000h\u001b[?1003h\u001b[?1016h', '\u001b[?1016l'],
    ['pasting and focus', '\u001b[?2004h\u001b[?1004h', '\u001b[?2004l'],
    ['keys', '\u001b[?1h\u001b=', '\u001b[?1l\u001b>'],
    ['no wrapping', '\u001b[?7l', '\u001b[?7h'],
    ['graphemes', '\u001b[?2027h', '\u001b[?2027l'],
    ['a hidden cursor', '\u001b[?25l', '\u001b[?25h'],
    ['the shape of the cursor and its colour', '\u001b[5 q\u001b]12;#eeeeee\u0007', '\u001b[0 q\u001b]112\u0007'],
    ['modifyOtherKeys', '\u001b[>4;1m', '\u001b[>4;0m'],
    ['the kitty keyboard', '\u001b[>1u\u001b[>5u', '\u001b[<2u'],
    ['the kitty keyboard, changed', '\u001b[=3;1u', '\u001b[=0;1u'],
    ['lines that scroll', '\u001b[2;4r', '\u001b[r'],
    ['a title', '\u001b]2;OpenCode\u0007', ''],
  ])('with %s as it was set, which is taken back in the end', async (_name, text, undo) => {
    const screen = await aScreen(text);
    expect(screen.restoring).toContain(text);
    expect(screen.undoing(false)).toContain(undo);
  });

  it.each(['1J', '?1J'])(
    'after an erasure at the very end of the screen (%s), which the emulator cannot do',
    async (erase) => {
      const screen = await aScreen(`a\u001b[6;20Hx\u001b[${erase}`);
      await tell(screen, '\u001b[3;1Hafter');
      expect(screen.lines).toContain('after');
      await tell(screen, `\u001b[${erase}`);
      expect(screen.lines.join()).not.toContain('after');
    },
  );

  it('with nothing that was switched off again', async () => {
    const plain = (await aScreen('')).restoring;
    const text =
      '\u001b[?1000h\u001b[?1000l\u001b[?25l\u001b[?25h\u001b[>1u\u001b[<u\u001b[2;4r\u001b[r\u001b[?7l\u001b[?7h\u001b=\u001b>';
    expect((await aScreen(text)).restoring).toBe(plain);
    expect((await aScreen('\u001b[?1003h\u001b[4h\u001b[>1u\u001b[5 q\u001bc')).restoring).toBe(plain);
  });

  it('with the keyboards of both screens, each on its own', async () => {
    const screen = await aScreen('\u001b[>1u\u001b[?1049h\u001b[>7u');
    const restoring = screen.restoring;
    expect(restoring.indexOf('\u001b[>1u')).toBeLessThan(restoring.indexOf('\u001b[?1049h'));
    expect(restoring.indexOf('\u001b[>7u')).toBeGreaterThan(restoring.indexOf('\u001b[?1049h'));
    expect(screen.undoing(true)).toMatch(/\u001b\[<1u.*\u001b\[\?1049l\u001b\[<1u$/s);
  });

  it('at another size', async () => {
    const screen = await aScreen('\u001b[?1049h\u001b[6;1Hlast');
    screen.resize({ columns: 10, rows: 4 });
    const restored = aTerminal({ columns: 10, rows: 4 });
    await write(restored, screen.restoring);
    expect(restored.buffer.active.getLine(3)?.translateToString(true)).toBe('last');
  });
});

describe('a terminal that no one looks at', () => {
  async function ask(text: string, answers: boolean, colours = new TerminalColours()): Promise<string> {
    let replied = '';
    const screen = new KeptScreen(SIZE, colours, (reply) => {
      replied += reply;
    });
    await tell(screen, text, answers);
    return replied;
  }

  it('answers what programs ask of terminals, and not when someone looks', async () => {
    const questions = '\u001b[c\u001b[>c\u001b[5n\u001b[2;3H\u001b[6n\u001b[?2026$p\u001b[>5u\u001b[?u';
    expect(await ask(questions, true)).toBe(
      '\u001b[?1;2c\u001b[>0;276;0c\u001b[0n\u001b[2;3R\u001b[?2026;2$y\u001b[?5u',
    );
    expect(await ask(questions, false)).toBe('');
  });

  it('knows the colours that the real one has told', async () => {
    const colours = new TerminalColours();
    expect(await ask('\u001b]11;?\u0007', true, colours)).toBe('');
    colours.listen(Buffer.from('x\u001b]11;rgb:1111/2222/3333\u001b\\\u001b]10;rgb:ff/ff/ff\u0007'));
    expect(await ask('\u001b]11;?\u0007\u001b]10;?\u001b\\', true, colours)).toBe(
      '\u001b]11;rgb:1111/2222/3333\u0007\u001b]10;rgb:ff/ff/ff\u0007',
    );
  });

  it('tells its lines without what could do harm', async () => {
    expect((await aScreen('\r\n  one\r\n\r\n\u001b[31mtwo\u001b[0m  ')).lines).toEqual(['  one', 'two']);
  });
});
