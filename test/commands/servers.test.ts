import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ClientSources, findClient, Servers } from '../../src/commands/servers.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { Activity } from '../../src/domain/activity.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { type Server, type ServerState, serverKey } from '../../src/domain/server.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import type { ServerClient } from '../../src/opencode/server/server-client.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { OwnPasswords } from '../../src/opencode/server-process/own-passwords.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { aHost, anEntry, aPermission, aServer, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

afterEach(() => void vi.useRealTimers());

const signal = new AbortController().signal;

/** Servers of a host with these overrides in the configuration. */
function open(overrides: Record<string, string> = {}, transport?: (signal: AbortSignal) => Promise<Transport>) {
  const lines = Object.entries(overrides).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}\n`);
  const text = lines.length === 0 ? '' : `hosts:\n  overrides:\n    web1:\n${lines.join('')}`;
  const fleet = new FleetStore(SETTINGS);
  fleet.setState({ entries: new Map([['web1', anEntry()]]) });
  const passwords = new OwnPasswords();
  passwords.add('web1', aServer({ own: true }), 'own');
  const servers = new Servers({
    config: parseConfig(text, 'test.yaml'),
    ...{ fleet, passwords },
    transport: (_host, given) => {
      if (transport === undefined) throw new Error('unexpected connection');
      return transport(given);
    },
  });
  const activities = (): readonly Activity[] => {
    return fleet.getState().activities.get('web1') ?? [];
  };
  return { servers, activities };
}

describe('the login of a server', () => {
  it("is the one of the file on the host for ocr's own, and of the configuration for others", async () => {
    const { servers } = open({ server_username: 'ada', server_password: 'secret' });
    expect(await servers.login('web1', aServer({ own: true }))).toEqual({ username: 'opencode', password: 'own' });
    expect(await servers.login('web1', aServer())).toEqual({ username: 'ada', password: 'secret' });
    expect(await servers.login('other', aServer())).toEqual({ username: 'opencode', password: null });
  });

  it('may be printed by a command, which runs once for all servers of the host', async () => {
    const file = join(await makeTempDir(), 'runs');
    const { servers } = open({ server_password_command: `echo run >> '${file}'; printf ' pass word \\n'` });
    const logins = await Promise.all([servers.login('web1', aServer()), servers.login('web1', aServer({ port: 1 }))]);
    expect(logins.map(({ password }) => password)).toEqual([' pass word ', ' pass word ']);
    await servers.login('web1', aServer());
    expect(await readFile(file, 'utf8')).toBe('run\n');
  });

  it.each([
    ['echo hidden; exit 3', 'exit status 3'],
    ['echo hidden; kill -9 $$', 'SIGKILL'],
    ['printf "\\n"', 'it printed nothing'],
  ])('says why the command %s gives none, without what it printed', async (command, reason) => {
    const { servers } = open({ server_password_command: command });
    const error: unknown = await servers.login('web1', aServer()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'UserError',
      message: `hosts.overrides.web1.server_password_command failed: ${reason}`,
    });
    expect((error as Error).cause).toBeUndefined();
  });

  it('does not have a command that has failed run again at once: it may ask the person', async () => {
    const file = join(await makeTempDir(), 'runs');
    const { servers } = open({ server_password_command: `echo run >> '${file}'; exit 1` });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const login = () => servers.login('web1', aServer()).catch(() => {});
    await login();
    await login();
    vi.advanceTimersByTime(2 * 60_000 - 1);
    await login();
    expect(await readFile(file, 'utf8')).toBe('run\n');
    vi.advanceTimersByTime(1);
    await login();
    expect(await readFile(file, 'utf8')).toBe('run\nrun\n');
  });

  it('comes from a command that has no terminal and nothing to read', async () => {
    const command = 'cat; if (: < /dev/tty) 2> /dev/null; then echo tty; else echo none; fi';
    const { servers } = open({ server_password_command: command });
    expect(await servers.login('web1', aServer())).toMatchObject({ password: 'none' });
  });

  it('is given up with its command once nobody wants it any more, and asked for anew by the next one', async () => {
    const folder = await makeTempDir();
    const [ended, ready] = [join(folder, 'ended'), join(folder, 'ready')];
    const command = `trap 'echo x >> ${ended}; exit' TERM; [ ! -e ${ready} ] || { echo later; exit; }; echo > ${ready}; sleep 60 & wait`;
    const { servers } = open({ server_password_command: command });
    const people = [new AbortController(), new AbortController()];
    const logins = people.map((person) => servers.login('web1', aServer(), person.signal));
    await vi.waitFor(() => access(ready));
    people[0]!.abort();
    await expect(logins[0]).rejects.toThrow();
    await expect(access(ended)).rejects.toThrow();
    people[1]!.abort();
    await expect(logins[1]).rejects.toThrow();
    expect(await servers.login('web1', aServer())).toMatchObject({ password: 'later' });
    await vi.waitFor(async () => expect(await readFile(ended, 'utf8')).toBe('x\n'));
  });

  it('that is wanted is told from every other failure', () => {
    const { servers } = open();
    expect(servers.isUnauthorized(new ServerError('unauthorized', 'GET /', 'it wants a password'))).toBe(true);
    expect(servers.isUnauthorized(new ServerError('refused', 'GET /', 'no'))).toBe(false);
    expect(servers.isUnauthorized(new Error('401'))).toBe(false);
  });
});

describe("starting ocr's own server", () => {
  /** Connections that fail when the test says so, or when they are given up. */
  function connections() {
    const asked: AbortSignal[] = [];
    const fails: ((error: Error) => void)[] = [];
    const transport = (given: AbortSignal) => {
      asked.push(given);
      return new Promise<Transport>((_resolve, reject) => {
        fails.push(reject);
        given.addEventListener('abort', () => reject(new Error('given up')));
      });
    };
    return { asked, fails, transport };
  }

  it('is one attempt, however many want it', async () => {
    const { asked, fails, transport } = connections();
    const { servers } = open({}, transport);
    const both = [1, 2].map(() => servers.startOwn(aHost(), '/usr/bin/opencode', signal));
    fails[0]!(new Error('no route'));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
  });

  it('goes on for the others when the one who began it gives it up', async () => {
    const { asked, fails, transport } = connections();
    const { servers } = open({}, transport);
    const first = new AbortController();
    const given = servers.startOwn(aHost(), '/usr/bin/opencode', first.signal);
    const other = servers.startOwn(aHost(), '/usr/bin/opencode', signal);
    first.abort();
    await expect(given).rejects.toThrow('given up');
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    fails[1]!(new Error('no route'));
    await expect(other).rejects.toThrow('no route');
  });

  it('that fails stands in the log of the host', async () => {
    const shell = () => Promise.reject(new Error('no shell is to be had'));
    const { servers, activities } = open({}, async () => ({ shell }) as unknown as Transport);
    await expect(servers.startOwn(aHost(), '/usr/bin/opencode', signal)).rejects.toThrow();
    expect(activities()).toMatchObject([{ what: 'opencode serve', result: 'no shell is to be had' }]);
  });
});

describe('what speaks to a server', () => {
  const one = aServer({ pid: 1, port: 4001 });
  const two = aServer({ pid: 2, port: 4002 });
  const own = aServer({ pid: 3, port: 4003, own: true });

  function put(
    fleet: FleetStore,
    states: readonly (readonly [Server, ServerState | null])[],
    onTwo: string | null = null,
  ) {
    const links = states.flatMap(([server, state]) =>
      state === null ? [] : [[serverKey(server), { server, state, reason: null, since: NOW }] as const],
    );
    const told = { server: serverKey(two), status: { kind: 'idle' }, since: NOW, heardAt: NOW, todo: null } as const;
    const live = {
      ...NOTHING_LIVE,
      servers: new Map(links),
      sessions: new Map(onTwo === null ? [] : [[onTwo, told]]),
    };
    const snapshot = aSnapshot({ servers: states.map(([server]) => server) });
    fleet.setState({ entries: new Map([['web1', anEntry({ snapshot, live })]]) });
  }

  /** Sources whose clients are named by the port that they lead to. */
  function find(
    prepare: (fleet: FleetStore) => void,
    changes: Partial<ClientSources> = {},
    sessionId: string | null = null,
  ) {
    const fleet = new FleetStore(SETTINGS);
    prepare(fleet);
    const sources: ClientSources = {
      fleet,
      hub: { sourceOf: (_alias, key) => key.split(' ').at(-1) as unknown as ServerClient },
      servers: {
        startOwn: async () => {
          throw new Error('unexpected start');
        },
      },
      refreshHost: async () => {
        throw new Error('unexpected refresh');
      },
      ...changes,
    };
    return { fleet, found: findClient(sources, 'web1', sessionId, signal) };
  }

  it('is that of the server which the session runs on, else of any that lets in', async () => {
    const both = (fleet: FleetStore) =>
      put(
        fleet,
        [
          [one, 'live'],
          [two, 'polled'],
        ],
        'ses_1',
      );
    expect(await find(both, {}, 'ses_1').found).toBe('4002');
    expect(await find(both, {}, 'ses_2').found).toBe('4001');
    expect(
      await find((fleet) =>
        put(fleet, [
          [one, 'needs-password'],
          [two, 'polled'],
        ]),
      ).found,
    ).toBe('4002');
  });

  it('is that of the server which asks, also for a session that nothing else is known of', async () => {
    const prepare = (fleet: FleetStore) => {
      put(fleet, [
        [one, 'live'],
        [two, 'live'],
      ]);
      const entry = fleet.getState().entries.get('web1')!;
      const requests = new Map([['per_1', { server: serverKey(two), request: aPermission() }]]);
      fleet.setState({ entries: new Map([['web1', { ...entry, live: { ...entry.live, requests } }]]) });
    };
    expect(await find(prepare, {}, 'ses_1').found).toBe('4002');
  });

  it('is waited for while the way there is being made, also before that was begun', async () => {
    const { fleet, found } = find((given) => put(given, [[one, null]]));
    put(fleet, [[one, 'connecting']]);
    put(fleet, [[one, 'live']]);
    expect(await found).toBe('4001');
  });

  it("leads to ocr's own one where none lets in, which may be listed only by a later answer", async () => {
    const answers = [
      () => {},
      (fleet: FleetStore) =>
        put(fleet, [
          [one, 'needs-password'],
          [own, 'live'],
        ]),
    ];
    const started: string[] = [];
    const { fleet, found } = find((given) => put(given, [[one, 'needs-password']]), {
      servers: {
        startOwn: async (_host, path) => {
          started.push(path);
          return { server: own, password: 'hidden', path: '/file', started: true };
        },
      },
      refreshHost: async () => answers.shift()?.(fleet),
    });
    expect(await found).toBe('4003');
    expect(started).toEqual(['/usr/bin/opencode']);
    expect(answers).toEqual([]);
  });

  it('is not to be had from a server that nobody comes to', async () => {
    const { found } = find((fleet) => put(fleet, []), {
      servers: { startOwn: async () => ({ server: own, password: 'hidden', path: '/file', started: true }) },
      refreshHost: async () => null,
    });
    await expect(found).rejects.toThrow('cannot be followed');
  });

  it('has no server started on a host that is read-only, or has not answered', async () => {
    const readonly = find((fleet) => {
      put(fleet, [[one, 'failed']]);
      fleet.setState({ settings: { ...SETTINGS, readonly: true } });
    });
    await expect(readonly.found).rejects.toThrow('read-only');
    const unknown = find((fleet) => fleet.setState({ entries: new Map([['web1', anEntry()]]) }));
    await expect(unknown.found).rejects.toThrow('web1 has not answered yet');
  });
});
