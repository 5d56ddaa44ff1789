import { onAbort } from '../lib/abort.ts';
import type { RunningChild } from './child-process.ts';
import { type ExecResult, type RunLimits, TransportError } from './transport.ts';

/** Collects what a child prints until it ends. Rejects with a TransportError, and ends the child, when it goes over the limits. */
export async function collectOutput(child: RunningChild, limits: RunLimits): Promise<ExecResult> {
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const broken = Promise.withResolvers<never>();
  // Nobody waits for it any more when the child ended first.
  broken.promise.catch(() => {});
  const fail = (error: TransportError) => {
    child.kill();
    broken.reject(error);
  };
  const idle = setTimeout(
    () => fail(new TransportError('timeout', `no answer within ${limits.idleTimeout / 1000}s`)),
    limits.idleTimeout,
  );
  const stopListening = onAbort(limits.signal, () => fail(new TransportError('aborted', 'the request was given up')));
  let length = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child.process[name]?.on('data', (chunk: Buffer) => {
      idle.refresh();
      output[name].push(chunk);
      length += chunk.length;
      if (length > limits.maxBytes) {
        fail(new TransportError('overflow', `the command printed more than ${limits.maxBytes} bytes`));
      }
    });
  }
  try {
    const end = await Promise.race([broken.promise, child.ended]);
    if (end instanceof TransportError) throw end;
    const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
    return { code: end.code, stdout: text(output.stdout), stderr: text(output.stderr) };
  } finally {
    clearTimeout(idle);
    stopListening();
  }
}
