import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalSignals } from '../../src/commands/terminal-signals.ts';

describe('the signals of the terminal', () => {
  let source: EventEmitter;
  let signals: TerminalSignals;
  const close = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    close.mockReset();
    source = new EventEmitter();
    signals = new TerminalSignals(source);
  });

  afterEach(() => void vi.useRealTimers());

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('end the dashboard: %s', (signal) => {
    const stop = signals.endBy(close);
    source.emit(signal);
    expect(close).toHaveBeenCalledOnce();
    stop();
    expect(source.eventNames()).toEqual([]);
  });

  it('are those of the program that has the terminal while it has it', async () => {
    signals.endBy(close);
    await signals.lend(async () => {
      // Without a listener Node would end this program.
      expect(source.emit('SIGQUIT')).toBe(true);
      expect(source.emit('SIGINT')).toBe(true);
    });
    // One that was sent to both is heard late on a busy machine.
    expect(source.emit('SIGQUIT')).toBe(true);
    expect(source.emit('SIGINT')).toBe(true);
    expect(close).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(source.listenerCount('SIGQUIT')).toBe(0);
    source.emit('SIGINT');
    expect(close).toHaveBeenCalledOnce();
  });

  it('that are not made by keys end the dashboard then too', async () => {
    signals.endBy(close);
    await signals.lend(async () => void source.emit('SIGTERM'));
    expect(close).toHaveBeenCalledOnce();
  });

  it('are given back after a failure', async () => {
    signals.endBy(close);
    const failure = signals.lend(() => Promise.reject(new Error('no terminal')));
    await expect(failure).rejects.toThrow('no terminal');
    vi.runAllTimers();
    source.emit('SIGINT');
    expect(close).toHaveBeenCalledOnce();
    expect(source.listenerCount('SIGINT')).toBe(1);
  });
});
