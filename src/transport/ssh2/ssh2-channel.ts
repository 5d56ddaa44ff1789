import type { ClientChannel } from 'ssh2';
import { onAbort } from '../../lib/abort.ts';
import { type ExecResult, type RunLimits, TransportError } from '../transport.ts';

/** Collects what a command prints until its channel closes. Rejects with a TransportError when it goes beyond the limits. */
export function collectOutput(channel: ClientChannel, limits: RunLimits): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let length = 0;
    let code: number | null = null;
    const fail = (error: TransportError) => {
      finish();
      channel.close();
      reject(error);
    };
    const idle = setTimeout(
      () => fail(new TransportError('timeout', `no answer within ${limits.idleTimeout / 1000}s`)),
      limits.idleTimeout,
    );
    const stopListening = onAbort(limits.signal, () => {
      queueMicrotask(() => fail(new TransportError('aborted', 'the request was given up')));
    });
    const finish = () => {
      clearTimeout(idle);
      stopListening();
    };
    const receive = (to: Buffer[]) => (chunk: Buffer) => {
      idle.refresh();
      to.push(chunk);
      length += chunk.length;
      if (length > limits.maxBytes)
        fail(new TransportError('overflow', `the host sent more than ${limits.maxBytes} bytes`));
    };
    channel.on('data', receive(output.stdout));
    channel.stderr.on('data', receive(output.stderr));
    channel.on('exit', (status: number | null) => {
      code = status;
    });
    channel.on('close', () => {
      finish();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    channel.end();
  });
}
