import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuthenticatePorts, authenticateHost } from '../../src/actions/authenticate.ts';
import { QuestionDesk } from '../../src/actions/question-desk.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import type { Interaction } from '../../src/transport/interaction.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { aFailure, anEntry, aSecretQuestion, aSnapshot, SETTINGS } from '../support/builders.ts';

type Connect = (interaction: Interaction, signal: AbortSignal) => Promise<void>;

/** Connects as it is told, one time after the other, and fails on one time more. */
class FakePorts implements AuthenticatePorts {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly desk: QuestionDesk;
  readonly steps: string[] = [];
  readonly connects: Connect[] = [];
  snapshot: Snapshot | null = aSnapshot();
  inTerminal: (() => Promise<void>) | undefined;

  constructor(fleet: FleetStore, store: OcrStore) {
    this.fleet = fleet;
    this.store = store;
    this.desk = new QuestionDesk(store);
  }

  connect(host: Host, interaction: Interaction, signal: AbortSignal): Promise<void> {
    const connect = this.connects.shift();
    if (connect === undefined) throw new Error('unexpected connect');
    this.steps.push(`connect ${host.alias}`);
    return connect(interaction, signal);
  }

  async refreshHost(alias: string): Promise<Snapshot | null> {
    this.steps.push(`ask ${alias}`);
    return this.snapshot;
  }

  bootstrapCommand(host: Host): readonly string[] {
    return [`ssh hop1 true`, `ssh ${host.alias} true`];
  }

  runInTerminal(commands: readonly string[]): Promise<void> {
    if (this.inTerminal === undefined) throw new Error('unexpected terminal');
    this.steps.push(`run ${commands.join('; ')}`);
    return this.inTerminal();
  }
}

const denied = new TransportError('auth', 'permission denied', { hint: 'Load the key.\nssh-add' });

/** Asks for a password until it is the right one or refused. */
const asking: Connect = async (interaction, signal) => {
  const answer = await interaction.answer(aSecretQuestion(), signal);
  if (answer?.[0] !== 'right') throw denied;
};

describe('authenticating', () => {
  let fleet: FleetStore;
  let store: OcrStore;
  let ports: FakePorts;
  const { waitFor } = vi;
  const dialog = () => store.getState().dialog;
  const asked = () => waitFor(() => expect(dialog()?.question?.kind).toBe('secret'));
  const failed = () => waitFor(() => expect(dialog()?.failure).not.toBeNull());

  beforeEach(() => {
    fleet = new FleetStore(SETTINGS);
    store = createOcrStore(fleet, SETTINGS, false);
    fleet.setState({ entries: new Map([['web1', anEntry({ failure: aFailure({ status: 'auth-required' }) })]]) });
    ports = new FakePorts(fleet, store);
  });

  it('connects with what the user types, says so, and asks the host again', async () => {
    ports.connects.push(asking);
    const done = authenticateHost(ports, 'web1');
    await asked();
    expect(dialog()).toMatchObject({ label: 'web1', commands: ['ssh hop1 true', 'ssh web1 true'] });
    ports.desk.type('right');
    ports.desk.submit();
    await done;
    expect(ports.steps).toEqual(['connect web1', 'ask web1']);
    expect(store.getState()).toMatchObject({ dialog: null, toast: { kind: 'info', text: 'web1: authenticated' } });
  });

  it('tells why it failed with what can be done, and tries again when told to', async () => {
    ports.connects.push(asking, asking);
    const done = authenticateHost(ports, 'web1');
    await asked();
    ports.desk.submit();
    await failed();
    expect(dialog()).toMatchObject({
      question: null,
      failure: { reason: 'permission denied', lines: ['Load the key.', 'ssh-add'] },
    });
    ports.desk.submit();
    await asked();
    expect(dialog()).toMatchObject({ progress: [], failure: null });
    ports.desk.type('right');
    ports.desk.submit();
    await done;
    expect(ports.steps).toEqual(['connect web1', 'connect web1', 'ask web1']);
  });

  it('closes after a failure when told to, and asks nobody', async () => {
    ports.connects.push(async () => {
      throw denied;
    });
    const done = authenticateHost(ports, 'web1');
    await failed();
    ports.desk.cancel();
    await done;
    expect(ports.steps).toEqual(['connect web1']);
    expect(store.getState()).toMatchObject({ dialog: null, toast: null });
  });

  it('ends the connecting when the user gives up while it goes on, and says nothing', async () => {
    ports.connects.push(
      (interaction, signal) =>
        new Promise((_resolve, reject) => {
          interaction.progress('connecting to hop1');
          signal.addEventListener('abort', () => reject(new TransportError('aborted', 'given up')));
        }),
    );
    const done = authenticateHost(ports, 'web1');
    await waitFor(() => expect(dialog()?.progress).toEqual(['connecting to hop1']));
    ports.desk.cancel();
    expect(dialog()).toBeNull();
    await done;
    expect(store.getState()).toMatchObject({ dialog: null, toast: null, error: null });
  });

  it('runs the commands in the terminal instead, and asks the host again', async () => {
    ports.connects.push(asking);
    ports.inTerminal = async () => {};
    const done = authenticateHost(ports, 'web1');
    await asked();
    ports.desk.type('half of it');
    ports.desk.useTerminal();
    await done;
    expect(ports.steps).toEqual(['connect web1', 'run ssh hop1 true; ssh web1 true', 'ask web1']);
    expect(store.getState()).toMatchObject({ dialog: null, toast: { text: 'web1: authenticated' } });
    expect(store.getState().keysFrom).toBeGreaterThan(Date.now());
  });

  it('says what is still in the way after the terminal', async () => {
    ports.connects.push(async () => {
      throw denied;
    });
    ports.inTerminal = async () => {
      throw new Error('ssh ended with exit status 255');
    };
    ports.snapshot = null;
    const done = authenticateHost(ports, 'web1');
    await failed();
    ports.desk.useTerminal();
    await done;
    expect(store.getState().error?.title).toBe('web1: connection refused');
    expect(store.getState().dialog).toBeNull();
  });

  it('begins nothing twice, nor for a host that is not listed', async () => {
    ports.connects.push(asking);
    const done = authenticateHost(ports, 'web1');
    await authenticateHost(ports, 'web1');
    await authenticateHost(ports, 'nobody');
    expect(ports.steps).toEqual(['connect web1']);
    ports.desk.cancel();
    await done;
  });

  it('takes a failure of any other kind for one too', async () => {
    ports.connects.push(async () => {
      throw new Error('out of\nmemory');
    });
    const done = authenticateHost(ports, 'web1');
    await failed();
    expect(dialog()?.failure).toEqual({ reason: 'out of memory', lines: [] });
    ports.desk.cancel();
    await done;
  });
});
