import type { Duplex } from 'node:stream';
import { type ConnectionInfo, withNote } from '../../src/domain/connection.ts';
import type {
  ExecResult,
  ForwardTarget,
  Pipe,
  Pty,
  PtyRequest,
  RunLimits,
  Shell,
  ShellReply,
  Transport,
} from '../../src/transport/transport.ts';
import { FakePty } from './fake-pty.ts';

/** The random word that a script on a pty proves by that it runs; `null` where it does not. */
export function ptyWordOf(command: string): string | null {
  return /ocr:runs (\w+)/.exec(command)?.[1] ?? null;
}

/** Fails on every call that the test did not foresee. */
export class FakeTransport implements Transport {
  closed = false;
  connection: ConnectionInfo = { kind: 'ssh2', reason: null, notes: [] };
  readonly commands: string[] = [];
  onExec: ((command: string) => Promise<ExecResult>) | undefined;
  onShell: (() => Promise<Shell>) | undefined;
  onForward: ((target: ForwardTarget) => Promise<Duplex>) | undefined;
  onPty: ((command: string, request: PtyRequest, signal: AbortSignal) => Promise<Pty>) | undefined;

  note(text: string): void {
    this.connection = withNote(this.connection, text);
  }

  exec(command: string, _limits: RunLimits): Promise<ExecResult> {
    if (this.onExec === undefined) throw new Error(`unexpected exec: ${command}`);
    this.commands.push(command);
    return this.onExec(command);
  }

  shell(_signal: AbortSignal): Promise<Shell> {
    if (this.onShell === undefined) throw new Error('unexpected shell');
    return this.onShell();
  }

  pipe(script: string, _limits: RunLimits): Promise<Pipe> {
    throw new Error(`unexpected pipe: ${script}`);
  }

  pty(command: string, request: PtyRequest, signal: AbortSignal): Promise<Pty> {
    if (this.onPty === undefined) throw new Error(`unexpected pty: ${command}`);
    this.commands.push(command);
    return this.onPty(command, request, signal).then((pty) => {
      // As a script does that is started on a host whose login is as it should be.
      const word = ptyWordOf(command);
      if (word !== null && pty instanceof FakePty) pty.print(`\u001b_ocr:runs ${word} /bin/bash\u001b\\`);
      return pty;
    });
  }

  forward(target: ForwardTarget, _signal: AbortSignal): Promise<Duplex> {
    if (this.onForward === undefined) throw new Error(`unexpected forward: ${target.host}:${target.port}`);
    return this.onForward(target);
  }

  /** How often; it stays usable, so that a test may give it out again. */
  retired = 0;
  retire(): void {
    this.retired += 1;
  }

  close(): void {
    this.closed = true;
  }
}

/** A shell that answers scripts one after the other with what it was given, and fails on one more. */
export class FakeShell implements Shell {
  closed = false;
  readonly scripts: string[] = [];
  readonly #answers: (string | Error)[];

  constructor(answers: readonly (string | Error)[]) {
    this.#answers = [...answers];
  }

  async run(script: string, _limits: RunLimits): Promise<ShellReply> {
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error(`unexpected script: ${script}`);
    this.scripts.push(script);
    if (answer instanceof Error) {
      this.closed = true;
      throw answer;
    }
    return { output: answer, latency: 7 };
  }

  close(): void {
    this.closed = true;
  }
}
