import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotProven, ProvenPty } from '../../src/transport/proven-pty.ts';
import { FakePty } from '../support/fake-pty.ts';

const mark = (stage: 'reached' | 'runs', word = 'abc') => `\u001b_ocr:${stage} ${word} /bin/bash\u001b\\`;

describe('a script on a pty', () => {
  let pty: FakePty;
  let proven: ProvenPty;
  let printed: string;

  beforeEach(() => {
    vi.useFakeTimers();
    pty = new FakePty();
    proven = new ProvenPty(pty, { word: 'abc' });
    printed = '';
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  const listen = () =>
    proven.onData((chunk) => {
      printed += chunk.toString();
    });
  const failure = () => proven.proven.catch((error: unknown) => error) as Promise<NotProven>;

  it('is proven by its mark, and nothing of before is on its screen', async () => {
    listen();
    pty.print(`Welcome\r\n${mark('reached')}motd\r\n`);
    pty.print(`${mark('runs')}\u001b[?1049hopencode ü`);
    expect(await proven.proven).toEqual({ loginShell: '/bin/bash' });
    expect(printed).toBe('\u001b[?1049hopencode ü');
    pty.print('more');
    expect(printed).toMatch(/ümore$/);
    proven.write('key');
    expect(pty.typed).toBe('key');
    pty.end();
  });

  it('is proven by a mark that comes byte by byte', async () => {
    listen();
    for (const byte of Buffer.from(`x${mark('reached')}${mark('runs')}in`)) pty.print(new Uint8Array([byte]));
    expect(await proven.proven).toEqual({ loginShell: '/bin/bash' });
    expect(printed).toBe('in');
    pty.end();
  });

  it('gets no keys before that, and is not proven by a foreign mark', async () => {
    proven.write('x');
    pty.print(mark('runs', 'abd'));
    expect(pty.typed).toBe('');
    pty.end({ code: 0 });
    expect(await failure()).toBeInstanceOf(NotProven);
  });

  it('is given up at once when another program takes the screen', async () => {
    listen();
    pty.print(`${mark('reached')}\u001b[?1049h\u001b[22;0;0t`);
    expect(await failure()).toMatchObject({ why: 'screen-taken', reached: true, loginShell: '/bin/bash' });
    expect(pty.closed).toBe(true);
    expect(printed).toBe('');
  });

  it.each([
    ['5 s after a prompt', 'user@web1 ~ % ', 5000],
    ['15 s without a word', '', 15_000],
  ])('is given up %s', async (_when, text, patience) => {
    if (text !== '') pty.print(text);
    const failed = failure();
    await vi.advanceTimersByTimeAsync(patience - 1);
    expect(pty.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failed).toMatchObject({ why: 'silent', reached: false });
    expect(pty.closed).toBe(true);
  });

  it('is given up when a program prints endlessly', async () => {
    const failed = failure();
    for (let second = 0; second < 45; second += 1) {
      pty.print('tick\r\n');
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(await failed).toMatchObject({ why: 'silent' });
  });

  it('that ends without it leaves its last words', async () => {
    pty.print(`${mark('reached')}open terminal failed: not a terminal\r\n`);
    pty.end({ code: 1 });
    const { why, exit, words } = await failure();
    expect({ why, exit, lines: words.lines() }).toEqual({
      ...{ why: 'ended', exit: { code: 1, signal: null }, lines: ['open terminal failed: not a terminal'] },
    });
  });

  it('fails as the connection does', async () => {
    pty.lose();
    await expect(proven.proven).rejects.toMatchObject({ kind: 'closed' });
  });
});
