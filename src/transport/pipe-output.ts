import { RunGuard } from './run-guard.ts';
import { type ExecResult, type Pipe, type RunLimits, TransportError } from './transport.ts';

/** Collects what a program on a pipe prints until it ends. Rejects with a TransportError, and ends it, when it goes over the limits. */
export function collectPipe(pipe: Pipe, limits: RunLimits): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const guard = new RunGuard(limits, (error) => {
      pipe.kill();
      reject(error);
    });
    const receive = (to: Buffer[]) => (chunk: Buffer) => {
      to.push(chunk);
      guard.received(chunk);
    };
    pipe.onData(receive(output.stdout));
    pipe.onErrors(receive(output.stderr));
    pipe.onClose((end) => {
      guard.end();
      if (end instanceof TransportError) return reject(end);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code: end.code, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
  });
}

/** A script that runs a command of a login shell without input, in a plain sh. */
export function withoutInput(command: string): string {
  return `exec </dev/null\n${command}`;
}
