import { describe, expect, it } from 'vitest';
import { AnnouncedPty } from '../../src/transport/announced-pty.ts';
import { FakePty } from '../support/fake-pty.ts';

const ANNOUNCEMENT = /\u001b_starts (\d+)\u001b\\/;

describe('a program that its script announces', () => {
  function aPty() {
    const pty = new FakePty();
    const announced = new AnnouncedPty(pty, ANNOUNCEMENT);
    const seen: Buffer[] = [];
    announced.onData((chunk) => seen.push(chunk));
    return { pty, announced, seen: () => Buffer.concat(seen).toString('utf8') };
  }

  it('is heard from its announcement on, however that is cut', () => {
    const { pty, announced, seen } = aPty();
    for (const piece of ['Welcome to web1\r\n\u001b_st', 'arts 4', '2\u001b', '\\', 'grüß', ' dich']) pty.print(piece);
    expect(seen()).toBe('grüß dich');
    expect(announced.pid).toBe(42);
    expect(announced.startedAt).not.toBeNull();
  });

  it('that never starts leaves its last words', async () => {
    const { pty, announced, seen } = aPty();
    pty.print('x'.repeat(100_000));
    pty.print('cd: no such folder\r\n');
    expect(seen()).toBe('');
    pty.end({ code: 66 });
    expect(await announced.exit).toEqual({ code: 66, signal: null });
    expect(seen()).toMatch(/x\r?\n?cd: no such folder\r\n$/);
    expect(seen().length).toBeLessThan(70_000);
    expect(announced.pid).toBeNull();
    expect(announced.startedAt).toBeNull();
  });

  it('that loses its connection before says so', async () => {
    const { pty, announced, seen } = aPty();
    pty.print('half');
    pty.lose();
    await expect(announced.exit).rejects.toMatchObject({ kind: 'closed' });
    expect(seen()).toBe('half');
  });
});
