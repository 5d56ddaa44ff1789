import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DialogDesk } from '../../src/actions/fleet/dialog-desk.ts';
import { type ActionSources, actionsFrom } from '../../src/commands/dashboard-actions.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { selecting } from '../actions/fleet/sessions/desk.ts';
import { anEntry, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';

type Engine = Awaited<ActionSources['engine']>;

/** A dashboard whose connections are not there yet. */
function aDashboard() {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  const entry = anEntry({ snapshot: aSnapshot({ sessions: [aSession()] }) });
  fleet.setState({ entries: new Map([[entry.host.alias, entry]]) });
  const engine = Promise.withResolvers<Engine>();
  const unexpected = (what: string) => () => expect.unreachable(what);
  const run = actionsFrom({
    ...{ fleet, store, dialogs: new DialogDesk(store), signal: AbortSignal.timeout(60_000), engine: engine.promise },
    exportFolder: '/exports',
    attach: unexpected('attach'),
    sshConfigFile: null,
    endAttached: unexpected('end'),
    lend: unexpected('lend'),
    writeToTerminal: unexpected('write'),
    logger: silentLogger,
  });
  const begin = () => engine.resolve({ context: () => ({}) } as unknown as Engine);
  return { store, run, begin, fail: engine.reject, target: selecting(entry) };
}

// A dialog that comes late, as after the first reading of this code, is a surprise that drops keys.
beforeAll(() => import('../../src/actions/fleet/run-action.ts'));

describe('the key of an action', () => {
  it('holds the keys after it until the action is loaded, so that none goes to the tree', async () => {
    const { store, run, begin, target } = aDashboard();
    run('prompt', target);
    expect(store.getState().keysFrom).toBeGreaterThan(Date.now() + 1000);
    begin();
    await vi.waitFor(() => expect(store.getState().modal?.kind).toBe('form'));
    expect(store.getState().keysFrom).toBe(0);
  });

  it('lets a question that it opens drop the keys that come with it', async () => {
    const { store, run, begin, target } = aDashboard();
    begin();
    run('copy', target);
    await vi.waitFor(() => expect(store.getState().modal?.kind).toBe('confirm'));
    expect(store.getState().keysFrom).toBeGreaterThan(0);
    expect(store.getState().keysFrom).toBeLessThan(Date.now() + 2000);
  });

  it('lets keys go when nothing can be loaded', async () => {
    const { store, run, fail, target } = aDashboard();
    run('prompt', target);
    fail(new Error('no engine'));
    await vi.waitFor(() => expect(store.getState().toast?.text).toBe('no engine'));
    expect(store.getState().keysFrom).toBe(0);
  });
});
