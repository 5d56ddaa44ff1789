import { describe, expect, it } from 'vitest';
import { OwnPasswords } from '../../src/opencode/server-process/own-passwords.ts';
import { ProbeError, probeFailureOf } from '../../src/probe/probe-error.ts';
import { Prober, type ProberOptions } from '../../src/probe/prober.ts';
import type { Connect } from '../../src/transport/connector.ts';
import { TransportError, type TransportErrorKind } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, aSession, aSnapshot, MINUTE, NOW } from '../support/builders.ts';
import { FakeShell, FakeTransport } from '../support/fake-transport.ts';

describe('the state that an error puts a host into', () => {
  it.each<[TransportErrorKind, string]>([
    ['refused', 'offline'],
    ['timeout', 'offline'],
    ['dns', 'offline'],
    ['unreachable', 'offline'],
    ['closed', 'offline'],
    ['aborted', 'offline'],
    ['auth', 'auth-required'],
    ['host-key-unknown', 'host-key-unknown'],
    ['host-key-changed', 'host-key-changed'],
    ['blocked', 'blocked'],
    ['no-shell', 'no-shell'],
    ['protocol', 'error'],
    ['overflow', 'error'],
  ])('%s is %s', (kind, status) => {
    expect(probeFailureOf(new TransportError(kind, 'what happened', { hint: 'what to do' }), NOW)).toEqual({
      status,
      reason: 'what happened',
      hint: 'what to do',
      at: NOW,
      latency: null,
      blockedBy: null,
      connection: null,
    });
  });

  it('is that of the probe, with its latency; a bug is an error on one line', () => {
    expect(probeFailureOf(new ProbeError('no-opencode', 'not found', { latency: 9 }), NOW)).toEqual({
      status: 'no-opencode',
      reason: 'not found',
      hint: null,
      at: NOW,
      latency: 9,
      blockedBy: null,
      connection: null,
    });
    expect(probeFailureOf(new Error('a\n  b'), NOW)).toMatchObject({ status: 'error', reason: 'a b' });
  });
});

const HEAD = '@ocr now 1767323045\n@ocr opencode /usr/bin/opencode\n@ocr identity one\n@ocr database /db\n';
const row = (id: string, last: string | null = null) => ({
  ...{ id, directory: '/srv', title: id, created: 1, updated: 2, messages: 1, last },
});
const rows = (...list: object[]) =>
  `${HEAD}@ocr fingerprint f2\n@ocr rows sqlite3\n${JSON.stringify(list)}\n@ocr done sqlite3\n`;
const UNCHANGED = `${HEAD}@ocr fingerprint f1\n@ocr unchanged database\n`;

const poolOf = (connect: Connect) =>
  new TransportPool({ connect, clock: () => NOW, resolveHop: () => Promise.reject(new Error('unexpected hop')) });

/** A prober of hosts whose shells give these answers, one shell after the other. */
function proberOf(given: FakeShell | readonly FakeShell[], options: ProberOptions = {}) {
  const shells = given instanceof FakeShell ? [given] : given;
  const transport = new FakeTransport();
  let opened = 0;
  transport.onShell = async () => {
    const shell = shells[opened];
    opened += 1;
    if (shell === undefined) throw new Error('unexpected shell');
    return shell;
  };
  return {
    prober: new Prober(
      poolOf(async () => transport),
      () => NOW,
      options,
    ),
    transport,
  };
}
const limits = {
  signal: new AbortController().signal,
  timeout: 1000,
  enrich: true,
  interaction: null,
  mayStartOpencode: true,
};

describe('a probe', () => {
  it('gives a snapshot', async () => {
    const { prober } = proberOf(new FakeShell([rows(row('ses_1'), row('ses_2'), row('ses_1'))]));
    const snapshot = await prober.probe(aHost(), null, limits);
    expect(snapshot).toMatchObject({
      at: NOW,
      readAt: NOW,
      latency: 7,
      opencode: { path: '/usr/bin/opencode', identity: 'one', version: null },
      rung: 'sqlite3',
      fingerprint: 'f2',
      databasePath: '/db',
      processes: null,
    });
    expect(snapshot.sessions.map(({ id }) => id)).toEqual(['ses_1', 'ses_2']);
  });

  it('uses one shell for many probes, and another when that one has ended', async () => {
    const first = new FakeShell([rows(), rows()]);
    const second = new FakeShell([rows()]);
    const { prober } = proberOf([first, second]);
    await prober.probe(aHost(), null, limits);
    await prober.probe(aHost(), null, limits);
    expect(first.scripts).toHaveLength(2);
    first.closed = true;
    await prober.probe(aHost(), null, limits);
    expect(second.scripts).toHaveLength(1);
  });

  it('tells how many processes run, where the host does', async () => {
    const { prober } = proberOf(new FakeShell([`@ocr processes 3\n${rows()}`, `@ocr processes 0\n${rows()}`, rows()]));
    expect((await prober.probe(aHost(), null, limits)).processes).toBe(3);
    expect((await prober.probe(aHost(), null, limits)).processes).toBe(0);
    expect((await prober.probe(aHost(), null, limits)).processes).toBeNull();
  });

  it('keeps sessions, version and time of reading of a database that has not changed', async () => {
    const { prober } = proberOf(new FakeShell([UNCHANGED]));
    const sessions = [aSession()];
    const previous = aSnapshot({ sessions, readAt: NOW - MINUTE, at: NOW - MINUTE, fingerprint: 'f1' });
    const snapshot = await prober.probe(aHost(), previous, limits);
    expect(snapshot.sessions).toBe(sessions);
    expect(snapshot).toMatchObject({ at: NOW, readAt: NOW - MINUTE, opencode: { version: '1.18.0' } });
  });

  it('forgets the version when the program is another', async () => {
    const { prober } = proberOf(new FakeShell([rows(), rows()]));
    const of = (opencode: { path: string; identity: string }) =>
      prober.probe(aHost(), aSnapshot({ opencode: { ...opencode, version: '1.0.0' } }), limits);
    expect((await of({ path: '/usr/bin/opencode', identity: 'two' })).opencode.version).toBeNull();
    expect((await of({ path: '/opt/opencode', identity: 'one' })).opencode.version).toBeNull();
  });

  it('reads all again when what is known is old', async () => {
    const shell = new FakeShell([rows(), rows()]);
    const { prober } = proberOf(shell);
    await prober.probe(aHost(), aSnapshot({ readAt: NOW - 4 * MINUTE, fingerprint: 'f1' }), limits);
    await prober.probe(aHost(), aSnapshot({ readAt: NOW - 6 * MINUTE, fingerprint: 'f1' }), limits);
    expect(shell.scripts[0]).toContain("ocr_known='f1'");
    expect(shell.scripts[1]).toContain("ocr_known=''");
  });

  it('asks opencode itself when no rung can read the database', async () => {
    const item = { id: 'ses_1', title: 't', created: 1, updated: 2, directory: '/srv' };
    const shell = new FakeShell([
      `${HEAD}@ocr failed sqlite3 not installed\n`,
      '@ocr opencode /usr/bin/opencode\n@ocr failed opencode-db Unknown command\n',
      '[{"worktree":"/"}]',
      JSON.stringify([item]),
      'f3\n',
    ]);
    const { prober } = proberOf(shell);
    expect(await prober.probe(aHost(), null, limits)).toMatchObject({
      rung: 'session-list',
      fingerprint: 'f3',
      passedOver: [
        { rung: 'sqlite3', reason: 'not installed' },
        { rung: 'opencode-db', reason: 'Unknown command' },
      ],
      sessions: [{ id: 'ses_1' }],
    });
  });

  it('never takes the silence of a shell that knows nothing of the survey for a list of no sessions', async () => {
    const unread = `${HEAD}@ocr failed sqlite3 not installed\n`;
    const failed = '@ocr opencode /usr/bin/opencode\n@ocr failed opencode-db Unknown command\n';
    const item = { id: 'ses_1', title: 't', created: 1, updated: 2, directory: '/srv' };
    const lent = new FakeShell([unread, failed]);
    const run = lent.run.bind(lent);
    // A host that allows few channels takes it back as soon as it is idle.
    lent.run = (...given) => run(...given).finally(() => lent.scripts.length === 2 && lent.close());
    const whole = new FakeShell([unread, failed, '[]', JSON.stringify([item]), 'f3\n']);
    const { prober, transport } = proberOf([lent, whole]);
    expect(await prober.probe(aHost(), null, limits)).toMatchObject({ sessions: [{ id: 'ses_1' }] });
    expect(transport.retired).toBe(0);
  });

  it('passes on why the host could not be reached', async () => {
    const pool = poolOf(() => Promise.reject(new TransportError('refused', 'connection refused')));
    await expect(new Prober(pool, () => NOW).probe(aHost(), null, limits)).rejects.toMatchObject({ kind: 'refused' });
  });
});

const OWN_LINE = '{"version":1,"host":"box","pid":7,"startId":"70","port":4097,"opencode":"1.18.0","startedAt":1,';
const OWN_SERVER = `@ocr server 5 50 9=0100007F:1000 /srv\n@ocr server 7 70 8=0100007F:1001 /root\n@ocr own ${OWN_LINE}\n`;
const OWN_FILE = `${OWN_LINE}\n"password":"secret"}\n`;
const own = { pid: 7, startId: '70', port: 4097 };
const other = { pid: 5, startId: '50', port: 4096 };

describe('the servers of a host', () => {
  it("are told, ocr's own first; its password is kept in memory alone", async () => {
    const shell = new FakeShell([`${OWN_SERVER}${rows()}`, OWN_FILE, `${OWN_SERVER}${rows()}`, rows()]);
    const passwords = new OwnPasswords();
    const { prober } = proberOf(shell, { passwords });
    expect(passwords.get('web1', own)).toBeNull();
    const snapshot = await prober.probe(aHost(), null, limits);
    expect(snapshot.servers).toMatchObject([
      { ...own, directory: '/root', version: '1.18.0', own: true },
      { ...other, directory: '/srv', version: null, own: false },
    ]);
    expect(passwords.get('web1', own)).toBe('secret');
    expect(passwords.get('web1', other)).toBeNull();
    expect(passwords.get('web2', own)).toBeNull();
    expect(JSON.stringify(snapshot)).not.toContain('secret');
    await prober.probe(aHost(), snapshot, limits);
    expect(shell.scripts).toHaveLength(3);
    await prober.probe(aHost(), snapshot, limits);
    expect(passwords.get('web1', own)).toBeNull();
  });

  it('are known without a password when the file has changed in the meantime', async () => {
    const passwords = new OwnPasswords();
    const { prober } = proberOf(new FakeShell([`${OWN_SERVER}${rows()}`, '']), { passwords });
    expect((await prober.probe(aHost(), null, limits)).servers).toHaveLength(2);
    expect(passwords.get('web1', own)).toBeNull();
  });
});

describe('a host whose database cannot be read', () => {
  const UNREAD = `${OWN_SERVER}${HEAD}@ocr fingerprint f2\n@ocr failed sqlite3 not installed\n@ocr failed python3 not installed\n`;
  const passedOver = [
    { rung: 'sqlite3', reason: 'not installed' },
    { rung: 'python3', reason: 'not installed' },
  ];

  it('is read from its servers, one after the other, each with its password', async () => {
    const asked: [number, string | null][] = [];
    const passwords = new OwnPasswords();
    const { prober } = proberOf([new FakeShell([UNREAD, OWN_FILE])], {
      passwords,
      sessionsByHttp: async ({ alias }, _transport, server) => {
        const { port } = server;
        asked.push([port, passwords.get(alias, server)]);
        if (port === own.port) throw new Error('it is tired');
        return [aSession({ id: 'ses_http' })];
      },
    });
    const snapshot = await prober.probe(aHost(), null, limits);
    expect(snapshot).toMatchObject({ rung: 'http', passedOver, fingerprint: 'f2', sessions: [{ id: 'ses_http' }] });
    expect(asked).toEqual([
      [own.port, 'secret'],
      [other.port, null],
    ]);
  });

  it('is asked by opencode itself when its servers do not tell, and the reasons are kept', async () => {
    const slow = '@ocr opencode /usr/bin/opencode\n@ocr rows opencode-db\n[]\n@ocr done opencode-db\n';
    const refusing = { sessionsByHttp: () => Promise.reject(new Error('401')) };
    const { prober } = proberOf([new FakeShell([UNREAD, OWN_FILE, slow])], refusing);
    const snapshot = await prober.probe(aHost(), null, limits);
    const reason = 'port 4097: 401; port 4096: 401';
    expect(snapshot).toMatchObject({ rung: 'opencode-db', passedOver: [...passedOver, { rung: 'http', reason }] });
  });

  it('is told to have no server when it has none', async () => {
    const slow = '@ocr opencode /usr/bin/opencode\n@ocr rows opencode-db\n[]\n@ocr done opencode-db\n';
    const unasked = { sessionsByHttp: () => Promise.reject(new Error('unexpected')) };
    const { prober } = proberOf([new FakeShell([UNREAD.replace(OWN_SERVER, ''), slow])], unasked);
    const { passedOver: reasons } = await prober.probe(aHost(), null, limits);
    expect(reasons.at(-1)).toEqual({ rung: 'http', reason: 'no server runs' });
  });

  it('is read from its servers as well when its opencode is older than databases', async () => {
    const legacy = `${OWN_SERVER}@ocr opencode /usr/bin/opencode\n@ocr identity one\n@ocr legacy storage\n`;
    const { prober } = proberOf([new FakeShell([legacy, OWN_FILE])], { sessionsByHttp: async () => [aSession()] });
    expect(await prober.probe(aHost(), null, limits)).toMatchObject({ rung: 'http', fingerprint: null });
  });
});

describe('a connection that served before', () => {
  const lost = new TransportError('closed', 'the connection was lost');
  const silent = new TransportError('timeout', 'no answer within 1s');

  it.each([lost, silent])('and is lost now is replaced at once: $message', async (error) => {
    const { prober, transport } = proberOf([new FakeShell([rows(), error]), new FakeShell([rows(row('ses_1'))])]);
    await prober.probe(aHost(), null, limits);
    expect((await prober.probe(aHost(), null, limits)).sessions).toHaveLength(1);
    expect(transport.retired).toBe(1);
  });

  it('is not replaced twice in a row: the host is at fault then', async () => {
    const { prober } = proberOf([new FakeShell([rows(), lost]), new FakeShell([lost])]);
    await prober.probe(aHost(), null, limits);
    await expect(prober.probe(aHost(), null, limits)).rejects.toBe(lost);
  });

  it('and answered before it fell silent is not asked twice', async () => {
    const shell = new FakeShell([rows(), `${OWN_SERVER}${rows()}`, silent]);
    const { prober } = proberOf(shell);
    await prober.probe(aHost(), null, limits);
    await expect(prober.probe(aHost(), null, limits)).rejects.toBe(silent);
  });
});

describe('the version', () => {
  it('is asked in a command of its own', async () => {
    const { prober, transport } = proberOf([]);
    transport.onExec = async () => ({ code: 0, stdout: 'notice\n1.18.3\n', stderr: '' });
    expect(await prober.version(aHost(), '/usr/bin/opencode', limits)).toBe('1.18.3');
    transport.onExec = async () => ({ code: 1, stdout: '', stderr: 'oops' });
    expect(await prober.version(aHost(), '/usr/bin/opencode', limits)).toBeNull();
  });
});
