import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FramedShell } from '../../src/transport/framed-shell.ts';
import { ShellStart } from '../../src/transport/shell-start.ts';
import { type RunLimits, TransportError } from '../../src/transport/transport.ts';
import { FakePipe } from '../support/fake-pipe.ts';

const limits = (changes: Partial<RunLimits> = {}): RunLimits => ({
  signal: new AbortController().signal,
  idleTimeout: 10_000,
  maxBytes: 1_000_000,
  ...changes,
});

describe('the start of a shell', () => {
  let pipe: FakePipe;
  let start: ShellStart;
  let shell: FramedShell;
  let notes: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    pipe = new FakePipe();
    start = new ShellStart();
    notes = [];
    shell = new FramedShell(pipe, start, {
      onStart: (_report, note) => {
        if (note !== null) notes.push(note);
      },
    });
  });
  afterEach(() => {
    shell.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('sends no script before the shell has proven that it runs', async () => {
    const run = shell.run('echo in', limits());
    pipe.say('Welcome to web1!\n');
    expect(pipe.written).toEqual([]);
    pipe.startUp(start);
    expect(pipe.written).toHaveLength(1);
    pipe.answer('in\n');
    expect((await run).output).toBe('in\n');
    expect(notes).toEqual([]);
  });

  it('is not taken for proven by a host that quotes the command', async () => {
    const run = shell.run('x', limits());
    const failed = expect(run).rejects.toMatchObject({ kind: 'no-shell', message: "Invalid command: 'exec /bin/sh'" });
    pipe.say(`Invalid command: '${start.command}'\n`);
    expect(pipe.written).toEqual([]);
    pipe.end({ code: 1, signal: null });
    await failed;
  });

  it('finds a mark that comes byte by byte', async () => {
    const run = shell.run('x', limits());
    const mark = /ocr-\w+-0/.exec(start.command)?.[0];
    for (const byte of Buffer.from(`noise\n${mark}=/bin/sh=\n`)) pipe.say(Buffer.from([byte]));
    pipe.answer('yes');
    expect((await run).output).toBe('yes');
  });

  it('feeds empty lines to a profile that reads input, and waits for the mark that it asked for last', async () => {
    const run = shell.run('x', limits());
    await vi.advanceTimersByTimeAsync(1500);
    expect(pipe.written).toEqual([expect.stringMatching(/^\n+exec \/bin\/sh\n$/)]);
    // The profile has read the empty lines; the shell that was asked for is there, and gives way to the next.
    pipe.startUp(start);
    expect(pipe.written).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(300);
    expect(pipe.written[1]).toMatch(/^printf .*-1 \$SHELL\n$/);
    pipe.startUp(start);
    pipe.answer('in');
    expect((await run).output).toBe('in');
    expect(notes).toEqual([]);
  });

  it('asks again when a shell has read more than its line', async () => {
    const run = shell.run('x', limits());
    await vi.advanceTimersByTimeAsync(1500 + 300 + 1500 + 300);
    expect(pipe.written.at(-1)).toMatch(/-2 \$SHELL\n$/);
    pipe.startUp(start, '/usr/bin/zsh');
    pipe.answer('in');
    await run;
    expect(notes).toEqual([expect.stringMatching(/replaces the shell .*~\/\.zshenv/)]);
  });

  it('waits three times as long for a profile that has printed whole lines, and no longer', async () => {
    const run = shell.run('x', limits({ idleTimeout: 4000 }));
    pipe.say('loading version managers\n');
    await vi.advanceTimersByTimeAsync(11_000);
    pipe.startUp(start);
    pipe.answer('in');
    expect((await run).output).toBe('in');
  });

  it('gives up a profile that has printed whole lines and goes no further', async () => {
    const run = shell.run('x', limits({ idleTimeout: 4000 }));
    const failed = expect(run).rejects.toMatchObject({
      ...{ kind: 'no-shell', message: 'loading version managers' },
      hint: expect.stringContaining('No shell started within 12s'),
    });
    pipe.say('loading version managers\n');
    await vi.advanceTimersByTimeAsync(12_000);
    await failed;
  });

  it('types nothing at what asks a question, and quotes it', async () => {
    const run = shell.run('x', limits({ idleTimeout: 4000 }));
    const failed = expect(run).rejects.toMatchObject({
      ...{ kind: 'no-shell', message: '1) web 2) mail Choose:' },
      hint: expect.stringContaining('No shell started within 4s'),
    });
    pipe.say('1) web\n2) mail\nChoose: ');
    await vi.advanceTimersByTimeAsync(4000);
    expect(pipe.written).toEqual([]);
    await failed;
  });

  it.each([
    ['on stdout', (text: string) => pipe.say(text)],
    ['on stderr', (text: string) => pipe.complain(text)],
  ])('gives what the host said last %s when the login ends', async (_where, say) => {
    const run = shell.run('x', limits());
    say('\u001b[31mThis account is\u001b[0m\r\nnot available.\r\n');
    pipe.end({ code: 1, signal: null });
    await expect(run).rejects.toMatchObject({
      ...{ kind: 'no-shell', message: 'This account is not available.' },
      hint: 'The login runs no commands (exit status 1).\nThe host said:\nThis account is\nnot available.',
    });
    await expect(shell.run('late', limits())).rejects.toMatchObject({ kind: 'no-shell' });
  });

  it('tells of a login that ends without a word', async () => {
    const run = shell.run('x', limits());
    pipe.end({ code: 0, signal: null });
    await expect(run).rejects.toMatchObject({
      ...{ kind: 'no-shell', message: 'the login ends at once without output (exit status 0)' },
    });
  });

  it('takes a lost connection for what it is', async () => {
    const run = shell.run('x', limits());
    pipe.end(new TransportError('closed', 'the connection was lost'));
    await expect(run).rejects.toMatchObject({ kind: 'closed', message: 'the connection was lost' });
  });

  it('is waited for three times as long as a run may be silent', async () => {
    const run = shell.run('x', limits({ idleTimeout: 1000 }));
    const failed = expect(run).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 3s' });
    await vi.advanceTimersByTimeAsync(2999);
    expect(pipe.killed).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
    expect(pipe.killed).toBe(1);
  });

  it('may take long, which is told of', async () => {
    const run = shell.run('x', limits({ idleTimeout: 10_000 }));
    await vi.advanceTimersByTimeAsync(12_200);
    pipe.say(`\n${/ocr-\w+-0/.exec(start.command)?.[0]}=/bin/bash=\n`);
    pipe.startUp(start);
    pipe.answer('late');
    expect((await run).output).toBe('late');
    expect(notes).toEqual([
      expect.stringMatching(/^start-up files take 1\ds at every command \(look at ~\/\.bashrc\)$/),
    ]);
  });

  it('fails when the host says more than 1 MiB before it', async () => {
    const run = shell.run('x', limits({ maxBytes: 64_000_000 }));
    pipe.say('x'.repeat(2 ** 20 + 1));
    await expect(run).rejects.toMatchObject({ kind: 'overflow' });
  });
});

describe('a start that nothing is heard of', () => {
  it.each([
    [
      'is explained by what the diagnosis found',
      new TransportError('no-shell', 'the profile reads all input'),
      'no-shell',
    ],
    ['stays a silence when that finds nothing', null, 'timeout'],
  ])('%s', async (_what, found, kind) => {
    const pipe = new FakePipe();
    const shell = new FramedShell(pipe, new ShellStart(), { diagnose: async () => found });
    await expect(shell.run('x', limits({ idleTimeout: 20 }))).rejects.toMatchObject({ kind });
  });

  it('goes on when the shell comes while that is looked for', async () => {
    const pipe = new FakePipe();
    const start = new ShellStart();
    const shell = new FramedShell(pipe, start, {
      diagnose: async () => {
        pipe.startUp(start);
        return new TransportError('no-shell', 'the profile reads all input');
      },
    });
    const run = shell.run('x', limits({ idleTimeout: 400 }));
    await vi.waitFor(() => expect(pipe.written).toHaveLength(1));
    pipe.answer('late');
    expect((await run).output).toBe('late');
  });
});
