import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PipedPty } from '../../src/transport/piped-pty.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { FakePipe } from '../support/fake-pipe.ts';

describe('a terminal over a pipe', () => {
  let pipe: FakePipe;
  let pty: PipedPty;
  let told: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    pipe = new FakePipe();
    told = [];
    pty = new PipedPty(pipe, /tty=(\S+);/, async (terminal, { columns, rows }) => {
      told.push(`${terminal} ${columns}x${rows}`);
    });
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('gives all that is printed, and takes keys', () => {
    let printed = '';
    pipe.say('early ');
    pty.onData((chunk) => {
      printed += chunk.toString();
    });
    pipe.say('late ');
    pipe.complain('wrong');
    expect(printed).toBe('early late wrong');
    pty.write('key');
    expect(pipe.written).toEqual(['key']);
  });

  it('gets the last of many sizes, once its name is known', async () => {
    for (const columns of [81, 82, 83]) pty.resize(columns, 24);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([]);
    pipe.say('tty=/dev/p');
    pipe.say('ts/7;');
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual(['/dev/pts/7 83x24']);
  });

  it('ends as the program does, or as the connection', async () => {
    pipe.end({ code: 3, signal: null });
    expect(await pty.exit).toEqual({ code: 3, signal: null });
    const other = new FakePipe();
    const lost = new PipedPty(other, /x/, async () => {});
    other.end(new TransportError('closed', 'the connection was lost'));
    await expect(lost.exit).rejects.toMatchObject({ kind: 'closed' });
  });

  it.each([
    ['has ended', () => pipe.end({ code: 0, signal: null })],
    ['was given up', () => pty.close()],
  ])('takes neither keys nor a size once its program %s', (_how, end) => {
    pipe.say('tty=/dev/pts/7;');
    end();
    pty.write('key');
    pty.resize(90, 30);
    expect(pipe.written).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up with its program', async () => {
    pty.close();
    await expect(pty.exit).rejects.toMatchObject({ kind: 'aborted' });
    expect(pipe.killed).toBe(1);
  });
});
