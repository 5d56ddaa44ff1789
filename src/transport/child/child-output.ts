import { RunGuard } from '../run-guard.ts';
import { type ExecResult, type RunLimits, TransportError } from '../transport.ts';
import type { RunningChild } from './child-process.ts';

/** Collects a child's output until it ends. Over the limits, ends the child and rejects with a TransportError. */
export async function collectOutput(child: RunningChild, limits: RunLimits): Promise<ExecResult> {
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const broken = Promise.withResolvers<never>();
  // Unused if the child ended first.
  broken.promise.catch(() => {});
  const guard = new RunGuard(limits, (error) => {
    child.kill();
    broken.reject(error);
  });
  for (const name of ['stdout', 'stderr'] as const) {
    child.process[name]?.on('data', (chunk: Buffer) => {
      output[name].push(chunk);
      guard.received(chunk);
    });
  }
  try {
    const end = await Promise.race([broken.promise, child.ended]);
    if (end instanceof TransportError) throw end;
    const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
    return { code: end.code, stdout: text(output.stdout), stderr: text(output.stderr) };
  } finally {
    guard.end();
  }
}
