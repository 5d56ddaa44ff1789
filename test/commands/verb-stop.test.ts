import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { VerbStop } from '../../src/commands/verb-stop.ts';
import { EXIT } from '../../src/verbs/exit-status.ts';

function open(timeout?: number) {
  const exits: number[] = [];
  const stop = new VerbStop(timeout, (status) => void exits.push(status));
  onTestFinished(() => stop.close());
  return { stop, exits };
}

describe('the stop of a verb', () => {
  it('comes with the first signal; the second one does not wait for the clean-up', () => {
    const { stop, exits } = open();
    process.emit('SIGINT');
    expect(stop.signal.reason).toMatchObject({ status: EXIT.interrupted, message: 'interrupted' });
    expect(exits).toEqual([]);
    process.emit('SIGTERM');
    expect(exits).toEqual([EXIT.interrupted]);
  });

  it('after the time leaves the clean-up alone at a first signal', async () => {
    const { stop, exits } = open(1);
    await vi.waitFor(() => expect(stop.signal.aborted).toBe(true));
    process.emit('SIGINT');
    expect(exits).toEqual([]);
    expect(stop.signal.reason).toMatchObject({ status: EXIT.timedOut, message: 'gave up after 0.001 s' });
    process.emit('SIGINT');
    expect(exits).toEqual([EXIT.interrupted]);
  });

  it('listens to no signal after it is closed', () => {
    const before = process.listenerCount('SIGINT');
    const stop = new VerbStop(undefined, () => {});
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    stop.close();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
