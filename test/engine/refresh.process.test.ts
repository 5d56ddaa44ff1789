import { describe, expect, it } from 'vitest';
import { anEngine } from '../support/an-engine.ts';

const { signal } = new AbortController();

describe('refreshing hosts', () => {
  it('asks these alone, and resolves once each has answered or failed', async () => {
    const { engine, fleet } = anEngine('', ['one', 'two', 'three']);
    const found = await engine.refresh(['one', 'two'], signal);
    expect([...found.keys()]).toEqual(['one', 'two']);
    const { entries } = fleet.getState();
    for (const alias of ['one', 'two']) {
      const { fresh, failure } = entries.get(alias)!;
      expect(fresh || failure !== null).toBe(true);
    }
    const { fresh, failure } = entries.get('three')!;
    expect(fresh || failure !== null).toBe(false);
  });

  it('has no snapshot of a host that is not listed', async () => {
    const { engine } = anEngine('', []);
    expect(await engine.refresh(['gone'], signal)).toEqual(new Map([['gone', null]]));
  });

  it('rejects as soon as the signal aborts', async () => {
    const { engine } = anEngine('', ['one']);
    const stop = new AbortController();
    const refreshed = engine.refresh(['one'], stop.signal);
    stop.abort(new Error('enough'));
    await expect(refreshed).rejects.toThrow('enough');
    await expect(engine.refresh(['one'], stop.signal)).rejects.toThrow('enough');
  });
});

describe('closing the engine', () => {
  it('ends its connections', async () => {
    const { engine } = anEngine('', ['one']);
    const transport = await engine.transport('one', 'read', signal);
    await engine.close();
    expect(transport.closed).toBe(true);
    await expect(engine.transport('one', 'read', signal)).rejects.toThrow();
  });
});
