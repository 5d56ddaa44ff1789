import { describe, expect, it, vi } from 'vitest';
import { EXIT, VerbError } from '../../src/verbs/exit-status.ts';
import { doctorVerb } from '../../src/verbs/turns/doctor.ts';
import { anEntry } from '../support/builders.ts';
import { aDesk } from './a-desk.ts';

/** A desk whose host never answers. */
function openSilent() {
  const stop = new AbortController();
  const askOnce = vi.fn(() => new Promise<void>(() => {}));
  const entry = anEntry({});
  const { desk } = aDesk([entry], { askOnce }, stop.signal);
  return { desk, stop, askOnce, alias: entry.host.alias };
}
const interrupted = new VerbError(EXIT.interrupted, 'interrupted');

describe('giving up', () => {
  it('ends the wait for a silent host at once', async () => {
    const { desk, stop, askOnce, alias } = openSilent();
    const asking = desk.ask([alias]);
    await vi.waitFor(() => expect(askOnce).toHaveBeenCalled());
    stop.abort(interrupted);
    await expect(asking).rejects.toBe(interrupted);
  });

  it('during a check of doctor ends it, and says nothing about the target', async () => {
    const { desk, stop, askOnce, alias } = openSilent();
    const checking = doctorVerb.run(desk, { on: alias, skipServerCheck: false, timeout: 60_000 });
    await vi.waitFor(() => expect(askOnce).toHaveBeenCalled());
    stop.abort(interrupted);
    await expect(checking).rejects.toBe(interrupted);
  });

  it('leaves a check that takes too long to doctor', async () => {
    const { desk, alias } = openSilent();
    const report = await doctorVerb.run(desk, { on: alias, skipServerCheck: false, timeout: 10 });
    const host = { name: 'host', ok: false, detail: 'no answer within 0.01 s' };
    expect(report).toMatchObject({ ok: false, checks: expect.arrayContaining([host]) });
  });
});
