import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { ActionPorts } from '../../../../src/actions/fleet/action-ports.ts';
import { DialogDesk } from '../../../../src/actions/fleet/dialog-desk.ts';
import type { ActionTarget, TargetSession } from '../../../../src/actions/fleet/fleet-actions.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { FleetStore } from '../../../../src/fleet/fleet-store.ts';
import { isReadOnly, ReadOnlyError } from '../../../../src/fleet/read-only.ts';
import { ensureOwnServer } from '../../../../src/opencode/server-process/own-server.ts';
import type { Field } from '../../../../src/store/form/field.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import type { ViewSettings } from '../../../../src/store/settings.ts';
import { requestsShown } from '../../../../src/store/shown-requests.ts';
import { createOcrStore, type OcrStore } from '../../../../src/store/store.ts';
import type { Transport } from '../../../../src/transport/transport.ts';
import { MINUTE, NOW, SETTINGS } from '../../../support/builders.ts';
import type { FakeClient } from './fake-client.ts';

type Clients = (alias: string, sessionId: string | null) => Promise<FakeClient> | FakeClient;

export interface DeskOptions {
  readonly settings?: Partial<ViewSettings>;
  readonly clients?: Clients;
  /** The server that can be asked without starting one */
  readonly clientNow?: () => FakeClient | null;
  readonly transport?: (alias: string) => Promise<Transport>;
  readonly runEditor?: (path: string) => Promise<void>;
  /** Stands in for the probe: what it does to the store when a host is asked again. */
  readonly onRefresh?: (alias: string, desk: Desk) => void;
}

/** A dashboard without a screen: a real store, real dialogs, and the user's input. */
export class Desk {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly stop = new AbortController();
  readonly refreshed: string[] = [];
  readonly attached: string[] = [];
  written = '';
  readonly ports: ActionPorts;

  constructor(entries: readonly HostEntry[], options: DeskOptions = {}) {
    this.fleet = new FleetStore({ ...SETTINGS, ...options.settings });
    this.store = createOcrStore(this.fleet, { ...SETTINGS, ...options.settings }, false);
    this.fleet.setState({ entries: new Map(entries.map((entry) => [entry.host.alias, entry])) });
    this.paint();
    this.dialogs = new DialogDesk(this.store);
    const exportFolder = join(mkdtempSync(join(tmpdir(), 'ocr-desk-')), 'exports');
    onTestFinished(() => rmSync(dirname(exportFolder), { recursive: true, force: true }));
    const unexpected = (what: string) => {
      throw new Error(`unexpected: ${what}`);
    };
    this.ports = {
      fleet: this.fleet,
      store: this.store,
      dialogs: this.dialogs,
      signal: this.stop.signal,
      exportFolder,
      clientFor: async ({ alias, id }, use) => {
        if (use === 'write' && isReadOnly(this.fleet.getState().settings, alias)) throw new ReadOnlyError(alias);
        if (options.clients === undefined) throw new Error(`unexpected client of ${alias}`);
        return (await options.clients(alias, id)).client;
      },
      clientsOf: async () => new Map(),
      clientNow: () => options.clientNow?.()?.client ?? null,
      transport: async (alias) => (await options.transport?.(alias)) ?? unexpected(`transport of ${alias}`),
      refreshHost: async (alias) => {
        this.refreshed.push(alias);
        options.onRefresh?.(alias, this);
        return this.store.getState().entries.get(alias)?.snapshot ?? null;
      },
      startServer: async (alias, signal) => {
        const transport = (await options.transport?.(alias)) ?? unexpected(`server of ${alias}`);
        const { opencode, login } = this.fleet.getState().entries.get(alias)!.snapshot!;
        return ensureOwnServer(
          transport,
          { opencodePath: opencode.path, mayStart: true, timeout: 30_000, login },
          signal,
        );
      },
      listen: () => unexpected('listener'),
      contentOf: () => unexpected('content'),
      queryDatabase: async () => unexpected('query'),
      onDeleted: ({ alias, id }) => this.ports.endAttached(alias, id),
      log: (alias, activity) => this.fleet.report({ kind: 'did', alias, activity }),
      attach: (alias, id) => void this.attached.push(`${alias} ${id}`),
      sshConfigFile: null,
      endAttached: (alias) => unexpected(`end of ${alias}`),
      suspendTerminal: async () => unexpected('suspended terminal'),
      runEditor: async (path) =>
        (await options.runEditor?.(path)) ?? (options.runEditor ? undefined : unexpected(path)),
      writeToTerminal: (text) => {
        this.written += text;
      },
      timeoutOf: () => 5000,
      clock: () => NOW,
    };
  }

  get toast(): string | null {
    return this.store.getState().toast?.text ?? null;
  }

  /** The text of the error dialog. */
  get errorLines(): readonly string[] {
    return this.store.getState().error?.lines ?? [];
  }

  get modal() {
    return this.store.getState().modal;
  }

  /** Shows the current state on the screen from that time on; once before the test for a minute. Selected is the first session that asks. */
  paint(at = NOW - MINUTE, selected?: string): void {
    this.store.setState((state) => requestsShown(state.entries, at)(state));
    const [asking] = this.store.getState().shown.keys();
    this.store.setState({ paintedSession: selected ?? asking ?? null });
  }

  /** Changes what is known of a host. */
  put(entry: HostEntry): void {
    this.fleet.setState(({ entries }) => ({ entries: new Map(entries).set(entry.host.alias, entry) }));
  }

  mark(...sessions: readonly TargetSession[]): void {
    this.store.setState({
      marked: new Set(sessions.map(({ entry, session }) => sessionKey(entry.host.alias, session.id))),
    });
  }

  async waitForModal(kind: 'form' | 'confirm' | 'results'): Promise<void> {
    await vi.waitFor(() => {
      if (this.modal?.kind !== kind) throw new Error(`no ${kind}, but ${this.modal?.kind}; toast: ${this.toast}`);
    });
  }

  /** The title and the lines of the question that is shown. */
  get question(): string[] {
    if (this.modal?.kind !== 'confirm') throw new Error(`no question, but ${this.modal?.kind}`);
    return [this.modal.confirm.title, ...this.modal.confirm.lines.map(({ text }) => text)];
  }

  /** Each row of the list of results, such as `ok web1: Fix` or `failed web1: Fix: refused`. */
  get outcomes(): string[] {
    if (this.modal?.kind !== 'results') throw new Error(`no results, but ${this.modal?.kind}`);
    return this.modal.results.rows.map(({ label, outcome, reason }) =>
      [`${outcome} ${label}`, ...(reason === null ? [] : [reason])].join(': '),
    );
  }

  press(key: string): void {
    this.dialogs.press(key, () => ({ count: 0, height: 10 }));
  }

  /** Waits for a question, and answers it. */
  async answer(key: string): Promise<void> {
    await this.waitForModal('confirm');
    this.press(key);
  }

  get form() {
    if (this.modal?.kind !== 'form') throw new Error(`no form, but ${this.modal?.kind}`);
    return this.modal.form;
  }

  field(name: string): Field {
    const found = this.form.fields.find((field) => field.name === name);
    if (found === undefined) throw new Error(`no field ${name}`);
    return found;
  }

  /** Goes to a field. */
  go(name: string): void {
    const at = this.form.fields.findIndex((field) => field.name === name);
    for (let steps = 0; this.form.focused !== at && steps < 20; steps += 1) {
      this.dialogs.type({ kind: 'key', key: this.form.focused < at ? 'enter' : 'backtab' });
    }
    if (this.form.focused !== at) throw new Error(`cannot go to ${name}: ${this.form.error?.text}`);
  }

  /** Puts a text in the place of the one in a field. */
  fill(name: string, text: string): void {
    this.go(name);
    this.dialogs.type({ kind: 'key', key: 'textEnd' });
    this.dialogs.type({ kind: 'key', key: 'eraseToStart' });
    this.dialogs.type({ kind: 'paste', text });
  }

  toggle(name: string, text = ' '): void {
    this.go(name);
    this.dialogs.type({ kind: 'type', text });
  }

  /** Picks the option of a list that a text stands for. */
  choose(name: string, text: string): void {
    this.go(name);
    const field = this.field(name);
    const isNumbered = field.kind === 'choice' && field.numbered;
    const digit = isNumbered ? field.options.findIndex(({ label }) => label === text) + 1 : 0;
    this.dialogs.type({ kind: 'type', text: isNumbered ? `${digit}` : text });
  }

  submit(): void {
    this.dialogs.type({ kind: 'key', key: 'submit' });
  }

  cancel(): void {
    this.dialogs.type({ kind: 'key', key: 'cancel' });
  }
}

/** The target of an action when these sessions are marked. */
export function marking(...sessions: readonly TargetSession[]): ActionTarget {
  return { entry: sessions[0]?.entry ?? null, project: null, sessions, marked: true };
}

/** The target of an action when this session is selected. */
export function selecting(entry: HostEntry, at = 0): ActionTarget {
  const session = entry.snapshot?.sessions[at];
  if (session === undefined) throw new Error('no such session');
  return { entry, project: session.project, sessions: [{ entry, session }], marked: false };
}

/** The target of an action when a host is selected. */
export function selectingHost(entry: HostEntry): ActionTarget {
  return { entry, project: null, sessions: [], marked: false };
}

export function targetsOf(entry: HostEntry): readonly TargetSession[] {
  return (entry.snapshot?.sessions ?? []).map((session) => ({ entry, session }));
}
