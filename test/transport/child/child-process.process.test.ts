import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Invocation, RunningChild } from '../../../src/transport/child/child-process.ts';

function start(script: string, judge: Invocation['judge'] = (exit) => exit): RunningChild {
  return new RunningChild({ file: '/bin/sh', args: ['-c', script], env: process.env, judge }, 'stream');
}

async function lineOf(child: RunningChild): Promise<string> {
  const { stdout } = child.process;
  if (stdout === null) throw new Error('no pipe');
  const [chunk] = await once(stdout.setEncoding('utf8'), 'data');
  return chunk.trim();
}

/** True if the process exists and is not a zombie. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a child', () => {
  it.each([
    () => Promise.reject(new Error('no log')),
    () => {
      throw new Error('no log');
    },
  ])('whose end cannot be told ends anyway', async (judge) => {
    expect(await start('exit 3', judge).ended).toMatchObject({
      kind: 'protocol',
      message: 'the state of /bin/sh is unknown: no log',
    });
  });

  it('that does not listen is ended by force', async () => {
    const child = start("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    await lineOf(child);
    child.kill();
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('that ends leaves no one of its group behind', async () => {
    const child = start("(trap '' TERM; while :; do sleep 0.1; done) & echo $!; wait");
    const other = Number(await lineOf(child));
    child.kill();
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
    const deadline = performance.now() + 4000;
    while (runs(other) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(runs(other)).toBe(false);
  });
});
