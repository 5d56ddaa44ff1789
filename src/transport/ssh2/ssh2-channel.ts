import type { ClientChannel } from 'ssh2';
import { RunGuard } from '../run-guard.ts';
import type { ExecResult, RunLimits } from '../transport.ts';

/** Collects what a command prints until its channel closes. Rejects with a TransportError when it goes beyond the limits. */
export function collectOutput(channel: ClientChannel, limits: RunLimits): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let code: number | null = null;
    const guard = new RunGuard(limits, (error) => {
      channel.close();
      reject(error);
    });
    const receive = (to: Buffer[]) => (chunk: Buffer) => {
      to.push(chunk);
      guard.received(chunk);
    };
    channel.on('data', receive(output.stdout));
    channel.stderr.on('data', receive(output.stderr));
    channel.on('exit', (status: number | null) => {
      code = status;
    });
    channel.on('close', () => {
      guard.end();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    channel.end();
  });
}
