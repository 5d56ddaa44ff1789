import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyboardInput } from '../../src/terminal/keyboard-input.ts';
import type { Terminal } from '../../src/transport/transport.ts';

describe('the keyboard of a terminal', () => {
  let terminal: EventEmitter & { raw: boolean; reading: boolean };
  let keyboard: KeyboardInput;

  beforeEach(() => {
    vi.useFakeTimers();
    terminal = Object.assign(new EventEmitter(), {
      ...{ raw: false, reading: false, ref: vi.fn(), unref: vi.fn() },
      setRawMode: (raw: boolean) => {
        terminal.raw = raw;
      },
      resume: () => {
        terminal.reading = true;
      },
      pause: () => {
        terminal.reading = false;
      },
    });
    keyboard = new KeyboardInput(terminal as unknown as Terminal['stdin']);
    keyboard.setRawMode(true);
  });
  afterEach(() => {
    keyboard.setRawMode(false);
    vi.useRealTimers();
  });

  const type = (text: string) => terminal.emit('data', Buffer.from(text));
  const read = (): string => {
    const text: string | null = keyboard.read();
    return text ?? '';
  };

  it('gives keys and pasted text, and no answers', () => {
    type('j\u001b]11;rgb:00/00/00\u0007\u001b[?62c\u001bP>|XTerm(370)\u001b\\k\u001b[A\u001b[200~x\u001b[201~');
    expect(read()).toBe('jk\u001b[A\u001b[200~x\u001b[201~');
  });

  it('hears the answers to a question, and keeps what is typed meanwhile for the reader', async () => {
    const answers = keyboard.answersUntil(/\u001b\[\?[\d;]*c/, 250);
    type('j\u001b]11;rgb:00/00/00\u0007k');
    type('\u001b[?62c');
    expect(await answers).toBe('\u001b]11;rgb:00/00/00\u0007\u001b[?62c');
    expect(read()).toBe('jk');
  });

  it('waits no longer than it may for an answer', async () => {
    const answers = keyboard.answersUntil(/never/, 250);
    type('\u001b]11;rgb:00/00/00\u0007');
    vi.advanceTimersByTime(250);
    expect(await answers).toBe('\u001b]11;rgb:00/00/00\u0007');
  });

  it('leaves the keys to another program, and takes them again', async () => {
    vi.useRealTimers();
    type('unread');
    await keyboard.lend(async () => {
      expect(terminal).toMatchObject({ raw: false, reading: false });
      expect(terminal.listenerCount('data')).toBe(0);
    });
    expect(terminal).toMatchObject({ raw: true, reading: true });
    type('j');
    expect(read()).toBe('j');
  });

  it('leaves them for good, even if it is closed while another program has them', async () => {
    vi.useRealTimers();
    await keyboard.lend(async () => keyboard.close());
    expect(terminal).toMatchObject({ raw: false, reading: false });
    keyboard.setRawMode(true);
    expect(terminal.raw).toBe(false);
  });

  it('ends a paste that is cut by a loan, so that the next keys are keys', async () => {
    vi.useRealTimers();
    type('\u001b[200~the first part');
    expect(read()).toBe('\u001b[200~the first part');
    await keyboard.lend(async () => {});
    expect(read()).toBe('\u001b[201~');
    type('\u001b[A');
    expect(read()).toBe('\u001b[A');
  });

  it('gives characters whose bytes come one by one', () => {
    for (const byte of Buffer.from('é世')) terminal.emit('data', Buffer.from([byte]));
    expect(read()).toBe('é世');
  });

  it('gives Escape after a moment, and an answer that never ends not at all', () => {
    type('\u001b');
    expect(read()).toBe('');
    vi.advanceTimersByTime(30);
    expect(read()).toBe('\u001b');
    type('\u001b]11;rgb:00');
    vi.advanceTimersByTime(400);
    type('00/0000/0000');
    vi.advanceTimersByTime(400);
    type('\u001b');
    type('\\q');
    expect(read()).toBe('q');
    type('\u001bP>|XT');
    vi.advanceTimersByTime(500);
    type('j');
    expect(read()).toBe('j');
  });

  it('reads the terminal in raw mode only, and drops unread keys', () => {
    type('dq\u001b[?1');
    keyboard.setRawMode(false);
    expect(terminal).toMatchObject({ raw: false, reading: false });
    expect(terminal.listenerCount('data')).toBe(0);
    keyboard.setRawMode(true);
    type('j');
    expect(read()).toBe('j');
    expect(terminal).toMatchObject({ raw: true, reading: true });
  });

  it('tells its listener of the mouse, and gives none of it as keys', () => {
    const events: string[] = [];
    const stop = keyboard.onMouse(({ kind, x, y }) => events.push(`${kind} ${x} ${y}`));
    type('j\u001b[<0;3;4M\u001b[<0;3;4m\u001b[Ik\u001b[<65;1');
    type(';1M\u001b[M !!');
    expect(read()).toBe('jk');
    expect(events).toEqual(['press 2 3', 'release 2 3', 'wheel 0 0']);
    stop();
    type('\u001b[<0;3;4M');
    expect(events).toHaveLength(3);
  });

  it.each(['\u001b', '\u001b['])('takes the rest of a report for no keys if a slow line cut it behind %j', (begin) => {
    const events: string[] = [];
    keyboard.onMouse(({ kind }) => events.push(kind));
    type(begin);
    vi.advanceTimersByTime(30);
    expect(read()).toBe(begin);
    type('\u001b[<0;3;4Mj'.slice(begin.length));
    expect(read()).toBe('j');
    expect(events).toEqual(['press']);
  });
});
