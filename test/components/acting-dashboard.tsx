import { join } from 'node:path';
import { expect } from 'vitest';
import type { ActionPorts } from '../../src/actions/fleet/action-ports.ts';
import type { HostEntry } from '../../src/domain/fleet.ts';
import type { Session } from '../../src/domain/session.ts';
import { sessionKey } from '../../src/store/keys.ts';
import { requestsShown } from '../../src/store/shown-requests.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { anExport } from '../actions/fleet/delete/an-export.ts';
import { FakeClient } from '../actions/fleet/sessions/fake-client.ts';
import { MINUTE, NOW, SETTINGS } from '../support/builders.ts';
import { FakeShell, FakeTransport } from '../support/fake-transport.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openDashboard } from './open-dashboard.tsx';

/** A dashboard on a terminal whose actions reach made-up servers and hosts; `effects` lists all that they were told to change. */
export async function openActing(entries: readonly HostEntry[]) {
  const effects: string[] = [];
  // All that is asked has been on the screen for a while.
  const asked = new Map(entries.map((entry) => [entry.host.alias, entry]));
  const state = requestsShown(asked, NOW - MINUTE)(initialState(SETTINGS, false));
  const dashboard = openDashboard(entries, { rows: 30, state: { ...state, ...selectingFirst(entries) } });
  const note = (effect: string) => void effects.push(effect);
  const stop = new AbortController();
  const ports: ActionPorts = {
    fleet: dashboard.fleet,
    store: dashboard.store,
    dialogs: dashboard.dialogs,
    signal: stop.signal,
    exportFolder: join(await makeTempDir(), 'exports'),
    clientFor: async () => serverOf(entries, note).client,
    clientNow: () => null,
    clientsOf: async () => new Map(),
    transport: async () => hostOf(note),
    refreshHost: async (alias) => dashboard.store.getState().entries.get(alias)?.snapshot ?? null,
    startServer: async () => expect.unreachable('started a server'),
    listen: () => expect.unreachable('listens'),
    contentOf: () => expect.unreachable('reads content'),
    queryDatabase: async () => expect.unreachable('queries a database'),
    onDeleted: () => {},
    log: () => {},
    attach: (_alias, id) => note(`attach ${id}`),
    sshConfigFile: null,
    endAttached: () => {},
    suspendTerminal: async () => note('suspend'),
    runEditor: async () => note('editor'),
    writeToTerminal: () => note('clipboard'),
    timeoutOf: () => 5000,
    clock: () => NOW,
  };
  return { ...dashboard, ports, effects, note, stop };
}

/** A table of sessions with the first selected: only what a frame shows of a selected session is answered. */
function selectingFirst([entry]: readonly HostEntry[]): Partial<OcrState> {
  const [session] = entry?.snapshot?.sessions ?? [];
  if (entry === undefined || session === undefined) return {};
  const { alias } = entry.host;
  const key = sessionKey(alias, session.id);
  return { view: 'sessions', selected: { key, alias, session: { alias, id: session.id } }, paintedSession: key };
}

export type Acting = Awaited<ReturnType<typeof openActing>>;

/** A server that does all it is told, and notes it. */
function serverOf(entries: readonly HostEntry[], note: (effect: string) => void): FakeClient {
  const sessions = entries.flatMap(({ snapshot }) => snapshot?.sessions ?? []);
  const requests = entries.flatMap(({ live }) => [...live.requests.values()].map(({ request }) => request));
  const gone = new Set<string>();
  const found = (id: string): Session | null => sessions.find((one) => one.id === id && !gone.has(id)) ?? null;
  return new FakeClient({
    abort: async ({ id }) => note(`abort ${id}`),
    archive: async ({ id }) => note(`archive ${id}`),
    prompt: async ({ id }) => note(`prompt ${id}`),
    remove: async ({ id }) => {
      gone.add(id);
      note(`remove ${id}`);
    },
    share: async ({ id }) => {
      note(`share ${id}`);
      return 'https://example.org/s/1';
    },
    unshare: async ({ id }) => note(`unshare ${id}`),
    shareUrl: async ({ id }) => (id === 'ses_public' ? 'https://example.org/s/1' : null),
    replyPermission: async ({ id }, reply) => note(`${reply} ${id}`),
    requests: async () => requests,
    messages: async () => [],
    session: async (id) => found(id),
    exportSessions: async ({ id }) => [
      anExport({ id, title: found(id)?.title ?? '', directory: '/srv/shop', messages: 3 }),
    ],
    read: async (directories) => ({ statuses: new Map(), requests: [], directories }),
  });
}

/** A host whose servers do not end, and whose git never does; what it is told by a shell is noted. */
function hostOf(note: (effect: string) => void): FakeTransport {
  const host = new FakeTransport();
  host.onShell = async () => {
    note('shell');
    return new FakeShell(['@ocr running\n']);
  };
  host.onExec = async (command) => {
    const [mark] = /ocr-[0-9a-f]{18}/.exec(command) ?? [];
    return { code: 0, stdout: `${mark} free /home/ada/shop\n`, stderr: '' };
  };
  host.onPty = (_command, _request, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        note('clone stopped');
        reject(signal.reason);
      });
    });
  return host;
}
