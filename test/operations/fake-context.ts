import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import type { LiveEvent } from '../../src/domain/live.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { isReadOnly, ReadOnlyError } from '../../src/fleet/read-only.ts';
import type { OperationContext, Use } from '../../src/operations/context.ts';
import type { FakeClient } from '../actions/fleet/sessions/fake-client.ts';
import { NOW, SETTINGS } from '../support/builders.ts';

/** A context of operations without an engine: a real fleet, and servers that fail on unexpected requests. */
export class FakeContext {
  readonly fleet: FleetStore;
  readonly polls: string[] = [];
  readonly deleted: string[] = [];
  readonly context: OperationContext;
  /** Stands in for the probe. */
  onPoll: (alias: string) => void = () => {};
  now = NOW;
  #listener: (event: LiveEvent) => void = () => {};

  constructor(entries: readonly HostEntry[], client: FakeClient | null, readonly = false) {
    this.fleet = new FleetStore({ ...SETTINGS, readonly });
    this.fleet.setState({ entries: new Map(entries.map((entry) => [entry.host.alias, entry])) });
    const exportFolder = mkdtempSync(join(tmpdir(), 'ocr-operations-'));
    onTestFinished(() => rmSync(exportFolder, { recursive: true, force: true }));
    const unexpected = (what: string) => {
      throw new Error(`unexpected: ${what}`);
    };
    const refuse = (alias: string, use: Use) => {
      if (use === 'write' && isReadOnly(this.fleet.getState().settings, alias)) throw new ReadOnlyError(alias);
    };
    this.context = {
      fleet: this.fleet,
      clientFor: async ({ alias }, use) => {
        refuse(alias, use);
        return client?.client ?? unexpected('client');
      },
      clientNow: () => client?.client ?? null,
      clientsOf: async () => new Map(),
      transport: async (alias, use) => {
        refuse(alias, use);
        return unexpected('transport');
      },
      startServer: async (alias) => {
        refuse(alias, 'write');
        return unexpected('server');
      },
      refreshHost: async (alias) => {
        this.polls.push(alias);
        this.onPoll(alias);
        return this.fleet.getState().entries.get(alias)?.snapshot ?? null;
      },
      listen: (_ref, listener) => {
        this.#listener = listener;
        return () => {
          this.#listener = () => {};
        };
      },
      contentOf: () => null,
      queryDatabase: async () => unexpected('query'),
      timeoutOf: () => 5000,
      exportFolder,
      signal: new AbortController().signal,
      clock: () => this.now,
      onDeleted: ({ id }) => void this.deleted.push(id),
      log: (alias, activity) => this.fleet.report({ kind: 'did', alias, activity }),
    };
  }

  put(entry: HostEntry): void {
    this.fleet.setState(({ entries }) => ({ entries: new Map(entries).set(entry.host.alias, entry) }));
  }

  tell(event: LiveEvent): void {
    this.#listener(event);
  }

  /** The activity log of a host, such as `prompt ses_1: done`. */
  log(alias: string): string[] {
    return (this.fleet.getState().activities.get(alias) ?? []).map(({ what, result }) => `${what}: ${result}`);
  }
}
