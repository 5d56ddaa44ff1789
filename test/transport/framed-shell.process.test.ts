import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { FramedShell } from '../../src/transport/framed-shell.ts';
import { ShellStart } from '../../src/transport/shell-start.ts';
import { type RunLimits, type Shell, TransportError } from '../../src/transport/transport.ts';
import { FakePipe } from '../support/fake-pipe.ts';

const limits = (changes: Partial<RunLimits> = {}): RunLimits => ({
  signal: new AbortController().signal,
  idleTimeout: 10_000,
  maxBytes: 1_000_000,
  ...changes,
});

describe('a shell over a pipe', () => {
  let pipe: FakePipe;
  let shell: FramedShell;

  beforeEach(() => {
    vi.useFakeTimers();
    pipe = new FakePipe();
    const start = new ShellStart();
    shell = new FramedShell(pipe, start);
    pipe.startUp(start);
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('gives what stands between the marks', async () => {
    const run = shell.run('echo hello', limits());
    pipe.answer('hello\n');
    expect((await run).output).toBe('hello\n');
  });

  it('is closed when it goes on and on though nothing was asked, and not for a word now and then', async () => {
    const script = async () => {
      const run = shell.run('x', limits());
      pipe.answer('answer');
      return (await run).output;
    };
    for (let round = 0; round < 3; round += 1) {
      expect(await script()).toBe('answer');
      for (let piece = 0; piece < 16; piece += 1) pipe.say('x'.repeat(2 ** 16));
    }
    expect(shell.closed).toBe(false);
    pipe.say('x');
    expect(shell.closed).toBe(true);
    expect(pipe.killed).toBe(1);
    await expect(shell.run('x', limits())).rejects.toMatchObject({ kind: 'closed' });
  });

  it('passes over what a profile or banner says before', async () => {
    const run = shell.run('x', limits());
    pipe.say('Welcome to web1!\nLast login: today\n');
    pipe.say('motd without a newline');
    pipe.answer('answer');
    expect((await run).output).toBe('answer');
  });

  it('is not taken in by the echo of its own script', async () => {
    const run = shell.run('echo hi', limits());
    pipe.say(pipe.written[0]!);
    pipe.answer('hi\n');
    expect((await run).output).toBe('hi\n');
  });

  it('gives nothing for a script that says nothing', async () => {
    const run = shell.run(':', limits());
    pipe.answer('');
    expect((await run).output).toBe('');
  });

  it('puts together an answer that comes byte by byte', async () => {
    const run = shell.run('x', limits());
    const bytes = Buffer.from(`noise\n${pipe.mark}<\nüber 世界 😀\n\n${pipe.mark}>\n`);
    const { mark } = pipe;
    pipe.say(`\n`);
    for (const byte of bytes) pipe.say(Buffer.from([byte]));
    const { output } = await run;
    expect(output).toBe('über 世界 😀\n');
    expect(output).not.toContain(mark);
  });

  it.each([1, 2, 3, 5, 8, 13, 20])('puts together an answer in pieces of %i bytes', async (size) => {
    const run = shell.run('x', limits());
    const bytes = Buffer.from(`\n${pipe.mark}<\n${'line\n'.repeat(20)}\n${pipe.mark}>\n`);
    for (let at = 0; at < bytes.length; at += size) pipe.say(bytes.subarray(at, at + size));
    expect((await run).output).toBe('line\n'.repeat(20));
  });

  it('keeps the mark of another script in an answer', async () => {
    const run = shell.run('x', limits());
    pipe.answer(`\n${pipe.mark.replace(/1$/, '7')}>\nmore`);
    expect((await run).output).toContain('more');
  });

  it('runs one script after the other, each with its own mark', async () => {
    const first = shell.run('first', limits());
    const second = shell.run('second', limits());
    expect(pipe.written).toHaveLength(1);
    const { mark } = pipe;
    pipe.answer('1');
    expect((await first).output).toBe('1');
    expect(pipe.written).toHaveLength(2);
    expect(pipe.mark).not.toBe(mark);
    pipe.answer('2');
    expect((await second).output).toBe('2');
  });

  it('is not taken back for another channel while it becomes a program', async () => {
    const lent: boolean[] = [];
    const start = new ShellStart();
    const onIdle = (idle: boolean) => {
      lent.push(idle);
      // Like a gate with a waiting request.
      if (idle) other.close();
    };
    const other = new FramedShell(pipe, start, { onIdle });
    pipe.startUp(start);
    const became = other.become('exec cat', limits());
    pipe.answer('');
    await became;
    expect(pipe.killed).toBe(0);
    expect(lent).not.toContain(true);
    expect(pipe.written.at(-1)).toContain('exec cat');
  });

  it('becomes nothing when its connection is lost just then', async () => {
    const became = shell.become('exec cat', limits());
    pipe.answer('');
    pipe.end(new TransportError('closed', 'the connection was lost'));
    await expect(became).rejects.toMatchObject({ kind: 'closed', message: 'the connection was lost' });
    expect(pipe.written.at(-1)).not.toContain('exec cat');
  });

  it('gives each script an empty input', () => {
    const run = shell.run('cat', limits());
    expect(pipe.written[0]).toContain('} </dev/null');
    pipe.answer('');
    return run;
  });

  it('fails when the host says more than it may, and ends', async () => {
    const run = shell.run('x', limits({ maxBytes: 100 }));
    pipe.say('x'.repeat(101));
    await expect(run).rejects.toMatchObject({ kind: 'overflow' });
    expect(shell.closed).toBe(true);
    expect(pipe.killed).toBe(1);
  });

  it('passes over a long message of the day, in however many pieces it comes', async () => {
    const run = shell.run('x', limits({ maxBytes: 3_000_000 }));
    const piece = Buffer.from('welcome\n');
    for (let said = 0; said < 2 ** 20; said += piece.length) pipe.say(piece);
    pipe.answer('answer');
    expect((await run).output).toBe('answer');
  });

  it.each([
    ['pieces', 1024],
    ['one piece', 2 ** 20 + 1024],
  ])('fails when the host says more than 1 MiB before it answers, in %s', async (_how, size) => {
    const run = shell.run('x', limits({ maxBytes: 64_000_000 }));
    for (let said = 0; said <= 2 ** 20; said += size) pipe.say('x'.repeat(size));
    await expect(run).rejects.toMatchObject({
      kind: 'overflow',
      message: 'the host sent more than 1048576 bytes before it answered',
    });
    expect(shell.closed).toBe(true);
  });

  it('holds no answer to that', async () => {
    const run = shell.run('x', limits({ maxBytes: 64_000_000 }));
    pipe.answer('x'.repeat(2_000_000));
    expect((await run).output).toHaveLength(2_000_000);
  });

  it('fails when the host is silent for too long, however often it spoke before', async () => {
    const run = shell.run('x', limits({ idleTimeout: 1000 }));
    const failed = expect(run).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 1s' });
    pipe.say(`\n${pipe.mark}<\n`);
    for (let beat = 0; beat < 5; beat += 1) {
      await vi.advanceTimersByTimeAsync(900);
      pipe.say('.');
    }
    expect(shell.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
    expect(shell.closed).toBe(true);
  });

  it('gives up at an abort, and ends', async () => {
    const abort = new AbortController();
    const run = shell.run('x', limits({ signal: abort.signal }));
    abort.abort();
    await expect(run).rejects.toMatchObject({ kind: 'aborted' });
    expect(shell.closed).toBe(true);
  });

  it('gives up what was aborted before it began', async () => {
    await expect(shell.run('x', limits({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('rejects what runs and what waits when it is closed, and all that comes later', async () => {
    const runs = [shell.run('1', limits()), shell.run('2', limits()), shell.run('3', limits())];
    shell.close();
    for (const run of runs) await expect(run).rejects.toMatchObject({ kind: 'closed' });
    await expect(shell.run('4', limits())).rejects.toMatchObject({ kind: 'closed', message: 'the shell was closed' });
    expect(pipe.written).toHaveLength(1);
    expect(pipe.killed).toBe(1);
  });

  it('tells why the connection ended', async () => {
    const run = shell.run('x', limits());
    pipe.end(new TransportError('closed', 'the connection to the shell ended'));
    await expect(run).rejects.toMatchObject({ kind: 'closed', message: 'the connection to the shell ended' });
  });

  it('tells what was said last when the shell ends, and how it ended', async () => {
    const run = shell.run('x', limits());
    pipe.complain('sh: out of memory\n');
    pipe.end({ code: 2, signal: null });
    await expect(run).rejects.toMatchObject({
      ...{ kind: 'closed', message: 'the shell ended (exit status 2)' },
      hint: 'The host said:\nsh: out of memory',
    });
  });

  it('ignores what comes after an answer', async () => {
    const first = shell.run('1', limits());
    pipe.answer('one');
    await first;
    pipe.say('late words from the background\n');
    const second = shell.run('2', limits());
    pipe.answer('two');
    expect((await second).output).toBe('two');
  });
});

describe('a shell of this machine', () => {
  let transport: LocalTransport;
  let shell: Shell;

  beforeEach(async () => {
    transport = new LocalTransport();
    shell = await transport.shell(new AbortController().signal);
  });
  afterEach(() => transport.close());

  const run = async (script: string) => (await shell.run(script, limits())).output;

  it('keeps variables, functions and the folder between scripts', async () => {
    await run('count=1; greet() { echo "hello $1"; }; cd /');
    expect(await run('count=$((count + 1)); echo "$count"; greet you; pwd')).toBe('2\nhello you\n/\n');
  });

  it('gives output as it is, with and without a newline at its end', async () => {
    expect(await run("printf 'a\\nb'")).toBe('a\nb');
    expect(await run("printf '\\n\\n'")).toBe('\n\n');
    expect(await run(':')).toBe('');
    expect(await run("printf 'ü世😀'")).toBe('ü世😀');
  });

  it('gives an answer of a megabyte', async () => {
    const { output } = await shell.run('yes 1234567 | head -n 131072', limits({ maxBytes: 2_000_000 }));
    expect(output.length).toBe(1_048_576);
  });

  it('lets no script read the next one', async () => {
    const [first, second] = await Promise.all([run('cat'), run('echo second')]);
    expect([first, second]).toEqual(['', 'second\n']);
  });

  it('goes on after a command that failed', async () => {
    expect(await run('false; nosuchcommand; echo "$?"')).toBe('127\n');
    expect(await run('echo on')).toBe('on\n');
  });

  it('fails when the script ends the shell or is no script', async () => {
    await expect(run('exit 3')).rejects.toMatchObject({ kind: 'closed' });
    expect(shell.closed).toBe(true);
    shell = await transport.shell(new AbortController().signal);
    await expect(run('if then fi (')).rejects.toMatchObject({ kind: 'closed' });
  });

  it('ends what it runs when it is closed', async () => {
    const pid = (await run('sleep 1000 >/dev/null & echo $!')).trim();
    const waiting = run('sleep 1000');
    shell.close();
    await expect(waiting).rejects.toMatchObject({ kind: 'closed' });
    await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow(), { timeout: 5000 });
  });
});
