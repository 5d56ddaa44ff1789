import { type ChildProcess, spawn } from 'node:child_process';
import { onAbort } from '../lib/abort.ts';
import { messageOf } from '../lib/errors.ts';
import { FramedShell } from './framed-shell.ts';
import {
  type ExecResult,
  type InteractiveExit,
  type RunLimits,
  type Shell,
  type Terminal,
  type Transport,
  TransportError,
} from './transport.ts';

/** This machine, by child processes. */
export class LocalTransport implements Transport {
  readonly #children = new Set<ChildProcess>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  async exec(command: string, limits: RunLimits): Promise<ExecResult> {
    this.#refuse(limits.signal);
    const child = this.#keep(spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true }));
    return new Promise((resolve, reject) => {
      const output = { stdout: '', stderr: '' };
      const fail = (error: TransportError) => {
        killGroup(child);
        reject(error);
      };
      const idle = setTimeout(
        () => fail(new TransportError('timeout', `no answer within ${limits.idleTimeout / 1000}s`)),
        limits.idleTimeout,
      );
      const stopListening = onAbort(limits.signal, () =>
        fail(new TransportError('aborted', 'the request was given up')),
      );
      for (const name of ['stdout', 'stderr'] as const) {
        child[name]?.setEncoding('utf8').on('data', (text: string) => {
          idle.refresh();
          output[name] += text;
          if (output[name].length > limits.maxBytes) {
            fail(new TransportError('overflow', `the command printed more than ${limits.maxBytes} bytes`));
          }
        });
      }
      child.on('error', (error) => fail(new TransportError('protocol', messageOf(error), { cause: error })));
      child.on('close', (code) => {
        clearTimeout(idle);
        stopListening();
        resolve({ code, ...output });
      });
    });
  }

  async shell(signal: AbortSignal): Promise<Shell> {
    this.#refuse(signal);
    const child = this.#keep(spawn('/bin/sh', [], { stdio: ['pipe', 'pipe', 'ignore'], detached: true }));
    child.stdin?.on('error', () => {});
    return new FramedShell({
      write: (text) => child.stdin?.write(text),
      onData: (listener) => child.stdout?.on('data', listener),
      onClose: (listener) => {
        child.on('close', () => listener('the shell ended'));
        child.on('error', (error) => listener(`/bin/sh does not start: ${messageOf(error)}`));
      },
      kill: () => killGroup(child),
    });
  }

  async pty(command: string, _terminal: Terminal, signal: AbortSignal): Promise<InteractiveExit> {
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'inherit', signal });
    // The terminal sends these to both; they are the child's to answer.
    const ignore = () => {};
    for (const name of ['SIGINT', 'SIGQUIT'] as const) process.on(name, ignore);
    try {
      return await new Promise((resolve, reject) => {
        child.on('error', (error) => reject(new TransportError('protocol', messageOf(error), { cause: error })));
        child.on('close', (code, name) => resolve({ code, signal: name }));
      });
    } finally {
      for (const name of ['SIGINT', 'SIGQUIT'] as const) process.off(name, ignore);
    }
  }

  close(): void {
    this.#closed = true;
    for (const child of this.#children) killGroup(child);
  }

  #refuse(signal: AbortSignal): void {
    if (this.#closed) throw new TransportError('closed', 'the transport is closed');
    if (signal.aborted) throw new TransportError('aborted', 'the request was given up');
  }

  #keep(child: ChildProcess): ChildProcess {
    this.#children.add(child);
    child.on('close', () => this.#children.delete(child));
    return child;
  }
}

/** Ends a child and what it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    child.kill('SIGTERM');
  }
}
