import { describe, expect, it } from 'vitest';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { type Server, type ServerState, serverKey } from '../../src/domain/server.ts';
import { findAttachServer } from '../../src/engine/attach-server.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { anEntry, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';

const session = aSession();
const { signal } = new AbortController();

const aServer = (changes: Partial<Server>): Server => ({
  ...{ pid: 7, startId: '70', hostname: '127.0.0.1', port: 4096, directory: '/home/x/web', version: null, own: false },
  ...changes,
});
const own = aServer({ pid: 8, port: 4000, own: true });

interface Given {
  readonly servers?: readonly Server[];
  /** The one that has worked on the session. */
  readonly has?: Server;
  readonly state?: ServerState;
  readonly password?: string | null;
  readonly readonly?: boolean;
}

async function find({ servers = [], has, state = 'live', password = null, readonly = false }: Given) {
  const fleet = new FleetStore({ ...SETTINGS, readonly });
  const status = { kind: 'idle' } as const;
  const live = {
    ...NOTHING_LIVE,
    servers: new Map(servers.map((server) => [serverKey(server), { server, state, reason: null, since: 0 }])),
    sessions: new Map(
      has === undefined ? [] : [[session.id, { server: serverKey(has), status, since: 1, heardAt: 1, todo: null }]],
    ),
  };
  const snapshot = aSnapshot({ sessions: [session], servers });
  const entry = anEntry({ snapshot, live });
  fleet.setState({ entries: new Map([['web1', entry]]) });
  return findAttachServer(
    {
      fleet,
      servers: {
        login: async () => ({ username: 'me', password }),
        startOwn: async () => ({ server: own, password: 'hidden', path: '/home/x/server.json', started: true }),
      },
    },
    entry.host,
    session,
    signal,
  );
}

const processOf = ({ pid, startId, hostname, port }: Server) => ({ pid, startId, hostname, port });
const byFile = {
  url: 'http://127.0.0.1:4000',
  process: processOf(own),
  username: null,
  secret: { kind: 'file', path: '/home/x/server.json' },
};

describe('the server that a session is attached to', () => {
  it('is the one that has worked on it, with what lets in', async () => {
    const has = aServer({ hostname: '::1' });
    const url = 'http://[::1]:4096';
    expect(await find({ servers: [own, has], has })).toEqual({
      ...{ url, process: processOf(has), username: 'me', secret: null },
    });
    const secret = { kind: 'value', password: 'x' };
    expect(await find({ servers: [own, has], has, state: 'polled', password: 'x' })).toMatchObject({ url, secret });
  });

  it('is any that lets in before one more is started', async () => {
    expect(await find({ servers: [aServer({})] })).toMatchObject({ url: 'http://127.0.0.1:4096', secret: null });
  });

  it("is ocr's own where none has worked on it, or that one does not let in", async () => {
    const has = aServer({});
    expect(await find({})).toEqual(byFile);
    expect(await find({ servers: [own, has] })).toEqual(byFile);
    expect(await find({ servers: [own], has: own })).toEqual(byFile);
    for (const state of ['needs-password', 'failed'] as const)
      expect(await find({ servers: [has], has, state })).toEqual(byFile);
  });

  it('is not started on a host that is read-only, but used where it runs', async () => {
    await expect(find({ readonly: true })).rejects.toThrow(/read-only/);
    expect(await find({ readonly: true, servers: [own] })).toEqual(byFile);
  });
});
