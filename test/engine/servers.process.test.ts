import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import type { Activity } from '../../src/domain/activity.ts';
import type { Host } from '../../src/domain/host.ts';
import { ChangeableConfig } from '../../src/engine/config-source.ts';
import { Servers } from '../../src/engine/servers.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { OwnPasswords } from '../../src/opencode/server-process/own-passwords.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { aHost, anEntry, aServer, SETTINGS, sshOptions } from '../support/builders.ts';
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
  const reached: Host[] = [];
  const servers = new Servers({
    config: new ChangeableConfig(parseConfig(text, 'test.yaml').config),
    ...{ fleet, passwords },
    transport: (host, given) => {
      reached.push(host);
      if (transport === undefined) throw new Error('unexpected connection');
      return transport(given);
    },
  });
  const activities = (): readonly Activity[] => {
    return fleet.getState().activities.get('web1') ?? [];
  };
  return { servers, activities, fleet, reached };
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

  it('does not have a command that has failed run again at once: it may ask the user', async () => {
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

  it('is given up with its command once no one wants it any more, and asked for again by the next one', async () => {
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

describe('the client of a server', () => {
  it('takes the route that its host has by then', async () => {
    const { servers, fleet, reached } = open({}, async () => ({}) as Transport);
    const [home, away] = ['10.0.0.1', 'web1.example.org'].map((hostname) =>
      aHost({ alias: 'web1', route: { kind: 'ssh', options: sshOptions({ hostname }) } }),
    );
    const client = await servers.connect(home!, aServer(), signal);
    fleet.setState({ entries: new Map([['web1', anEntry({ host: away! })]]) });
    await expect(client.health(signal)).rejects.toThrow();
    expect(reached).toEqual([home, away]);
    await client.close();
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
    first.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    expect(asked).toHaveLength(1);
    expect(asked[0]!.aborted).toBe(false);
    fails[0]!(new Error('no route'));
    await expect(other).rejects.toThrow('no route');
  });

  it('ends when all who wanted it have given it up, and is begun again for the next one', async () => {
    const { asked, fails, transport } = connections();
    const { servers } = open({}, transport);
    const first = new AbortController();
    const given = servers.startOwn(aHost(), '/usr/bin/opencode', first.signal);
    first.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    expect(asked[0]!.aborted).toBe(true);
    const other = servers.startOwn(aHost(), '/usr/bin/opencode', signal);
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
