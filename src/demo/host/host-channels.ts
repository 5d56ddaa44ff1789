import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2';
import { signalGroup } from '../../lib/process-group.ts';
import { loadPtySpawn, PtyProcess } from '../../transport/child/pty-process.ts';
import type { TerminalSize } from '../../transport/transport.ts';
import type { DemoScreen } from './demo-screen.ts';
import type { HostFolder } from './host-folder.ts';
import { SESSION_OPENED } from './host-scripts.ts';
import { PathBridge } from './path-bridge.ts';

export interface ChannelParts {
  readonly folder: HostFolder;
  /** Milliseconds that each piece of output is late. */
  readonly latency: number;
  /** Opens the screen of a session, which then has the channel; `null` if there is no such session. */
  readonly openScreen: (id: string, size: TerminalSize, write: (text: string) => void) => DemoScreen | null;
}

/** How a program ended, in the numbers of a shell. */
const KILLED = 137;

/** Runs the commands of a simulated host by this machine's /bin/sh, in the host's folder. */
export class HostChannels {
  readonly #parts: ChannelParts;
  readonly #bridge: PathBridge;
  readonly #running = new Set<() => void>();

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    this.#bridge = new PathBridge(parts.folder.root);
  }

  serve(session: Session): void {
    const terminal: { size: TerminalSize | null; name: string; resize: (size: TerminalSize) => void } = {
      ...{ size: null, name: 'xterm-256color', resize: () => {} },
    };
    session.on('pty', (accept, _reject, info: PseudoTtyInfo & { term?: string }) => {
      terminal.size = { columns: info.cols || 80, rows: info.rows || 24 };
      terminal.name = info.term || terminal.name;
      accept?.();
    });
    session.on('env', (accept) => accept?.());
    session.on('window-change', (accept, _reject, { cols, rows }) => {
      terminal.resize({ columns: cols, rows });
      accept?.();
    });
    const run = (channel: ServerChannel, command: string) => {
      if (terminal.size === null) this.#runPiped(channel, command);
      else
        void this.#runOnTerminal(channel, command, { ...terminal, size: terminal.size }, (resize) => {
          terminal.resize = resize;
        });
    };
    session.on('exec', (accept, _reject, { command }) => run(accept(), command));
    session.on('shell', (accept) => run(accept(), 'exec "$SHELL"'));
  }

  /** Kills everything that runs. */
  close(): void {
    for (const kill of this.#running) kill();
  }

  #runPiped(channel: ServerChannel, command: string): void {
    const child = spawn('/bin/sh', ['-c', this.#bridge.inward(command)], {
      ...{ env: this.#parts.folder.environment, cwd: this.#parts.folder.home, detached: true },
    });
    const kill = () => killChild(child);
    this.#running.add(kill);
    const input = this.#bridge.inwardPieces();
    channel.on('data', (piece: Buffer) => void child.stdin.write(input.push(piece)));
    channel.on('end', () => child.stdin.end(input.end()));
    channel.on('close', kill);
    channel.on('error', () => {});
    child.stdin.on('error', () => {});
    for (const [from, to] of [
      [child.stdout, channel],
      [child.stderr, channel.stderr],
    ] as const) {
      const output = this.#bridge.outwardPieces();
      from.on('data', (piece: Buffer) => this.#later(() => to.write(output.push(piece))));
      from.on('end', () => this.#later(() => to.write(output.end())));
    }
    child.on('error', () => channel.close());
    child.on('close', (code) => {
      this.#running.delete(kill);
      this.#later(() => endChannel(channel, code ?? KILLED));
    });
  }

  async #runOnTerminal(
    channel: ServerChannel,
    command: string,
    { size, name }: { size: TerminalSize; name: string },
    onResize: (resize: (size: TerminalSize) => void) => void,
  ): Promise<void> {
    let now = size;
    let screen: DemoScreen | null = null;
    const output = this.#bridge.outwardPieces();
    const write = (text: string | Buffer) => this.#later(() => channel.write(text));
    const spawnPty = await loadPtySpawn();
    const { environment: env } = this.#parts.folder;
    const invocation = { file: '/bin/sh', args: ['-c', this.#bridge.inward(command)], env, judge: () => undefined };
    const program = new PtyProcess(
      spawnPty,
      { ...invocation, judge: (exit) => exit },
      { ...size, term: name },
      (piece) => {
        if (screen !== null) return;
        const text = output.push(piece).toString('latin1');
        const opened = SESSION_OPENED.exec(text);
        if (opened === null) return write(Buffer.from(text, 'latin1'));
        write(Buffer.from(text.slice(0, opened.index), 'latin1'));
        screen = this.#parts.openScreen(opened[1] ?? '', now, write);
        if (screen === null) program.kill();
        else screen.onClose(() => program.kill());
      },
    );
    const kill = () => program.kill();
    this.#running.add(kill);
    onResize((next) => {
      now = next;
      program.resize(next.columns, next.rows);
      screen?.resize(next);
    });
    channel.on('data', (piece: Buffer) => {
      if (screen === null) program.write(piece);
      else screen.type(piece.toString('utf8'));
    });
    channel.on('error', () => {});
    channel.on('close', () => {
      screen?.close();
      kill();
    });
    const end = await program.ended.catch(() => null);
    this.#running.delete(kill);
    const wasScreen = screen !== null;
    this.#later(() => endChannel(channel, wasScreen ? 0 : exitCodeOf(end)));
  }

  /** Timers of the same length fire in order. */
  #later(action: () => void): void {
    setTimeout(action, this.#parts.latency);
  }
}

function endChannel(channel: ServerChannel, code: number): void {
  if (channel.destroyed) return;
  channel.exit(code);
  channel.end();
}

function killChild({ pid }: ChildProcessWithoutNullStreams): void {
  if (pid !== undefined) signalGroup(pid, 'SIGKILL');
}

function exitCodeOf(end: unknown): number {
  return typeof end === 'object' && end !== null && 'code' in end && typeof end.code === 'number' ? end.code : KILLED;
}
