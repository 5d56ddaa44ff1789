import { RunGuard } from './run-guard.ts';
import { type ExecResult, type Pipe, type RunLimits, TransportError } from './transport.ts';

/** Collects the output of a program on a pipe until it ends. Over the limits, ends it and rejects with a TransportError. */
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

/** Returns a script that runs a login shell's command without input, in a plain sh. */
export function withoutInput(command: string): string {
  return `exec </dev/null\n${command}`;
}
