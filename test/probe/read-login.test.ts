import { expect, it } from 'vitest';
import { readLogin } from '../../src/probe/read-login.ts';
import type { RunLimits, Shell } from '../../src/transport/transport.ts';
import { FakeTransport } from '../support/fake-transport.ts';

/** A shell that answers one script as a login shell without opencode does; then a host that allows few channels takes it back. */
class LentShell implements Shell {
  closed = false;

  async run(script: string, _limits: RunLimits) {
    if (this.closed) throw new Error('the shell was closed');
    this.closed = true;
    const mark = /\b([0-9a-f]{18})\b/.exec(script)?.[1] ?? '';
    const lines = ['shell /bin/bash', 'profiles one', 'PATH /usr/bin', 'end '];
    return { output: lines.map((line) => `@ocr ${mark} ${line}\n`).join(''), latency: 1 };
  }

  close(): void {
    this.closed = true;
  }
}

it('a login shell is asked in both modes also where its shell is taken back in between', async () => {
  const transport = new FakeTransport();
  transport.onShell = async () => new LentShell();
  const login = await readLogin(transport, 1000, new AbortController().signal);
  expect(login.asked).toEqual([
    { mode: 'login', outcome: 'answered' },
    { mode: 'interactive', outcome: 'answered' },
  ]);
  expect(login).toMatchObject({ mode: 'login', path: '/usr/bin', opencode: null });
});
