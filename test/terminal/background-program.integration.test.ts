import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { portableScript, quoteArgument } from '../../src/lib/shell-quote.ts';
import { continueCommand, PROGRAM_STARTS } from '../../src/opencode/attach-command.ts';
import { BackgroundProgram } from '../../src/terminal/background-program.ts';
import { TerminalColours } from '../../src/terminal/terminal-colours.ts';
import { AnnouncedPty } from '../../src/transport/announced-pty.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import type { Terminal, Transport } from '../../src/transport/transport.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';

/** Draws its size and a count on the alternate screen, ten times a second, and a key that is typed; `q` ends it. */
const DRAWS = `
stty -echo -icanon min 0 time 1
printf '\\033[?1049h\\033[?1002h\\033]2;drawing\\007'
key=none count=0
while [ "$key" != q ]; do
  count=$((count + 1))
  printf '\\033[H\\033[2J%s\\033[3;5H\\033[32mcount %s\\033[0m\\033[5;5Hkey %s.' "$(stty size)" "$count" "$key"
  typed=$(dd bs=1 count=1 2>/dev/null) && key=\${typed:-$key}
done
printf '\\033[?1002l\\033[?1049l'
exit 9`;

/** Suspends itself at Ctrl-Z as opencode does; shows the other keys, and ends at `q`. */
const SUSPENDS = `
const show = (text) => process.stdout.write("\\x1b[?1049h\\x1b[H\\x1b[2J" + text);
process.stdin.setRawMode(true);
process.stdin.on("data", (data) => {
  const key = String(data);
  if (key === "q") process.exit(0);
  if (key !== "\\x1a") return show(key);
  process.stdout.write("\\x1b[?1049l");
  process.stdin.setRawMode(false);
  process.once("SIGCONT", () => { process.stdin.setRawMode(true); show("back"); });
  process.kill(0, "SIGTSTP");
});
show("ready");`;

let lab: Lab<'web'>;
beforeAll(async () => {
  lab = await startLab({ web: {} });
});
afterAll(() => lab?.close());

async function openHost(choice: 'ssh2' | 'openssh'): Promise<Transport> {
  const resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  const { signal } = new AbortController();
  const host = aHost({ alias: 'web', route: await resolver.resolve('web', signal) });
  return createRealPool({ choice, configFile: lab.sshConfig }).get(host, {
    signal,
    timeout: 20_000,
    interaction: null,
  });
}

/** A terminal of the user, 60 columns wide. */
function aTerminal() {
  const real = new headless.Terminal({ cols: 60, rows: 12, allowProposedApi: true });
  const stdin = Object.assign(new EventEmitter(), { setRawMode: () => {}, resume: () => {}, pause: () => {} });
  const stdout = Object.assign(new EventEmitter(), {
    ...{ columns: 60, rows: 12 },
    write: (text: string | Uint8Array) => {
      real.write(text);
      return true;
    },
  });
  const line = (row: number) => real.buffer.active.getLine(row)?.translateToString(true) ?? '';
  return {
    ...{ real, stdout, line },
    terminal: { stdin, stdout } as unknown as Terminal,
    type: (text: string) => stdin.emit('data', Buffer.from(text)),
    count: () => Number(/count (\d+)/.exec(line(2))?.[1] ?? 0),
  };
}

describe.each([
  ['this machine', async () => new LocalTransport()],
  ['a host by ssh2', () => openHost('ssh2')],
  ["a host by the system's ssh", () => openHost('openssh')],
])('a program on %s', (_name, open) => {
  it('draws on, seen or not, at the size of the terminal, and ends as it does', async () => {
    const transport = await open();
    onTestFinished(() => transport.close());
    const { signal } = new AbortController();
    const size = { columns: 60, rows: 12 };
    const command = `exec /bin/sh -c '${DRAWS.replaceAll("'", "'\\''")}'`;
    const pty = await transport.pty(command, { ...size, term: 'xterm-256color' }, signal);
    const program = new BackgroundProgram(pty, size, new TerminalColours());
    const one = aTerminal();
    const shown = program.show(one.terminal, signal);
    await vi.waitFor(() => expect([one.line(0), one.count()]).toEqual(['12 60', expect.any(Number)]), 10_000);
    one.type('k');
    await vi.waitFor(() => expect(one.line(4)).toBe('    key k.'), 10_000);
    one.type('\u001d');
    expect(await shown).toBe('detached');
    const before = one.count();

    program.resize({ columns: 70, rows: 14 });
    const another = aTerminal();
    Object.assign(another.stdout, { columns: 70, rows: 14 });
    another.real.resize(70, 14);
    await vi.waitFor(async () => expect((await program.lines()).join()).toMatch(/^14 70,/), 10_000);
    const again = program.show(another.terminal, signal);
    await vi.waitFor(() => expect([another.line(0), another.line(4)]).toEqual(['14 70', '    key k.']), 10_000);
    expect(another.count()).toBeGreaterThan(before);
    expect(another.real.modes.mouseTrackingMode).toBe('drag');
    another.type('q');
    expect(await again).toEqual({ code: 9, signal: null });
    await vi.waitFor(() => expect(another.real.buffer.active.type).toBe('normal'));
    expect(another.real.modes.mouseTrackingMode).toBe('none');
  });

  it('goes on after it has suspended itself, and after it was stopped', async () => {
    const transport = await open();
    onTestFinished(() => transport.close());
    const { signal } = new AbortController();
    const request = { columns: 60, rows: 12, term: 'xterm' };
    const script = `printf '\\033_ocr:starts %s\\033\\\\' "$$"; exec ${quoteArgument(process.execPath)} -e ${quoteArgument(SUSPENDS)}`;
    const pty = new AnnouncedPty(await transport.pty(portableScript(script), request, signal), PROGRAM_STARTS);
    const limits = { signal, idleTimeout: 10_000, maxBytes: 1000 };
    const wake = () => void transport.exec(continueCommand(pty.pid ?? 0), limits);
    const program = new BackgroundProgram(pty, { columns: 60, rows: 12 }, new TerminalColours(), wake);
    const { terminal, line, type } = aTerminal();
    const shown = program.show(terminal, signal);
    await vi.waitFor(() => expect(line(0)).toBe('ready'), { timeout: 20_000 });
    type('\u001a');
    await vi.waitFor(() => expect(line(0)).toBe('back'), { timeout: 20_000 });
    process.kill(pty.pid ?? 0, 'SIGSTOP');
    type('x');
    await vi.waitFor(() => expect(line(0)).toBe('x'), { timeout: 20_000 });
    type('q');
    expect(await shown).toEqual({ code: 0, signal: null });
  });
});
