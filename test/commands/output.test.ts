import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { printJson } from '../../src/commands/print-json.ts';
import { printMessage } from '../../src/commands/print-message.ts';
import { parseBackground, parseColourFgBg } from '../../src/commands/terminal-background.ts';
import { describeHost, hostReportSchema } from '../../src/report/host-report.ts';
import { describeSession } from '../../src/report/session-report.ts';
import { sessionReportSchema } from '../../src/report/session-schema.ts';
import { formatTable } from '../../src/verbs/table.ts';
import { aFailure, aHost, anEntry, answered, aSession, aSnapshot, HOUR, NOW, SETTINGS } from '../support/builders.ts';

describe('a host for scripts', () => {
  it('that answered has all its facts, and root sessions only in its count', () => {
    const entry = answered('web1', [aSession(), aSession({ id: '2', parentId: 'ses_1' })], { group: 'production' });
    expect(describeHost(entry, SETTINGS)).toEqual({
      name: 'web1',
      label: 'web1',
      group: 'production',
      address: 'web1.example.org',
      port: 22,
      user: 'ada',
      url: null,
      status: 'online',
      reason: null,
      hint: null,
      blockedBy: null,
      keyWarning: null,
      transport: null,
      latencyMs: 12,
      opencode: { path: '/usr/bin/opencode', version: '1.18.0' },
      database: '/home/ada/.local/share/opencode/opencode.db',
      profile: null,
      live: false,
      servers: [],
      sessions: 1,
      updatedAt: '2026-01-02T03:04:05.000Z',
    });
  });

  it('counts archived sessions only where the dashboard lists them', () => {
    const entry = answered('web1', [aSession(), aSession({ id: 'ses_2', archived: NOW })]);
    expect(describeHost(entry, SETTINGS).sessions).toBe(1);
    expect(describeHost(entry, { ...SETTINGS, showArchived: true }).sessions).toBe(2);
  });

  it('that failed has nothing of an earlier answer', () => {
    const failure = aFailure({ status: 'no-opencode', reason: 'not found', latency: 7.07777 });
    expect(describeHost(anEntry({ snapshot: aSnapshot({ sessions: [aSession()] }), failure }), SETTINGS)).toMatchObject(
      {
        status: 'no-opencode',
        reason: 'not found',
        latencyMs: 7.1,
        opencode: null,
        sessions: null,
        updatedAt: null,
      },
    );
  });

  it('that is this machine has no address', () => {
    expect(
      describeHost(anEntry({ host: aHost({ alias: 'local', route: { kind: 'local' } }) }), SETTINGS),
    ).toMatchObject({
      name: 'local',
      address: null,
      port: null,
      user: null,
    });
  });
});

describe('a session for scripts', () => {
  it('has all its facts', () => {
    const tokens = { input: 1, output: 2, reasoning: 3, cacheRead: 4, cacheWrite: 5 };
    const session = aSession({ parentId: 'ses_0', archived: NOW, title: 'a\u001b[31m', cost: 0.5, tokens, files: 2 });
    expect(describeSession(answered('web1', [session]), session, SETTINGS, NOW)).toEqual({
      host: 'web1',
      project: '/srv/shop',
      directory: '/srv/shop',
      id: 'ses_1',
      parentId: 'ses_0',
      title: 'a\u001b[31m',
      status: 'archived',
      live: false,
      attention: null,
      createdAt: '2026-01-02T01:04:05.000Z',
      updatedAt: '2026-01-02T02:04:05.000Z',
      archived: true,
      agent: null,
      model: null,
      messages: null,
      cost: 0.5,
      tokens,
      additions: null,
      deletions: null,
      files: 2,
    });
  });

  it('is judged by the clock of its host and the processes there', () => {
    const session = aSession({ turn: 'open' });
    const statusOf = (changes: Parameters<typeof aSnapshot>[0]) =>
      describeSession(anEntry({ snapshot: aSnapshot(changes), fresh: true }), session, SETTINGS, NOW).status;
    expect(statusOf({ processes: 1 })).toBe('unknown');
    expect(statusOf({ clockOffset: -HOUR, processes: 1 })).toBe('working');
    expect(statusOf({ clockOffset: -HOUR })).toBe('unknown');
    expect(statusOf({ clockOffset: -HOUR, processes: 0 })).toBe('interrupted');
  });
});

describe('sessions for scripts', () => {
  it('are judged once for all of their host', () => {
    let looks = 0;
    const watched = {
      ...aSession(),
      get parentId() {
        looks += 1;
        return null;
      },
    };
    const sessions = [watched, ...Array.from({ length: 5000 }, (_, index) => aSession({ id: `ses_${index + 2}` }))];
    const entry = answered('web1', sessions);
    for (const session of sessions) describeSession(entry, session, SETTINGS, NOW);
    expect(looks).toBeLessThan(20);
  });

  it('may tell times that no date can hold', () => {
    const session = aSession({ created: -1, updated: 9e15 });
    expect(describeSession(answered('web1', [session]), session, SETTINGS, NOW)).toMatchObject({
      ...{ createdAt: '1970-01-01T00:00:00.000Z', updatedAt: '9999-12-31T23:59:59.999Z' },
    });
  });
});

describe('the published shapes', () => {
  it('hold every field that is printed, and no other', () => {
    const session = aSession();
    const entry = answered('web1', [session]);
    const host = describeHost(entry, SETTINGS);
    const one = describeSession(entry, session, SETTINGS, NOW);
    expect(JSON.stringify(hostReportSchema.strict().parse(host))).toBe(JSON.stringify(host));
    expect(JSON.stringify(sessionReportSchema.strict().parse(one))).toBe(JSON.stringify(one));
  });
});

describe('the background of a terminal', () => {
  it.each([
    ['\u001b]11;rgb:ffff/ffff/ffff\u0007', 'light'],
    ['\u001b]11;rgb:0000/0000/0000\u001b\\', 'dark'],
    ['\u001b]11;rgb:1e/1e/2e\u0007\u001b[?62c', 'dark'],
    ['\u001b]11;rgba:fdf6/e3e3/d7d7/ffff\u0007', 'light'],
    ['\u001b]11;rgb:f/f/f\u0007', 'light'],
    ['\u001b]11;rgb:00/ff/00\u0007', 'light'],
    ['\u001b]11;rgb:00/00/ff\u0007', 'dark'],
    ['\u001b[?62;4c', null],
    ['', null],
  ])('in %j is %j', (answer, expected) => {
    expect(parseBackground(answer)).toBe(expected);
  });

  it.each([
    ['0;15', 'light'],
    ['0;7', 'light'],
    ['15;0', 'dark'],
    ['15;8', 'dark'],
    ['0;default;15', 'light'],
    ['default', null],
    ['', null],
    [undefined, null],
  ])('by COLORFGBG=%s is %j', (value, expected) => {
    expect(parseColourFgBg(value)).toBe(expected);
  });
});

describe('a table', () => {
  it('has columns as wide as they need, and no control characters', () => {
    const rows = [
      ['世界', 'a\u001b[31mb\nc'],
      ['web-long', ''],
    ];
    expect(formatTable(['HOST', 'TITLE'], rows)).toBe('HOST      TITLE\n世界      ab c\nweb-long\n');
  });
});

describe('what is written', () => {
  let written: string[];
  const record = (text: unknown) => written.push(String(text)) > 0;

  beforeEach(() => {
    written = [];
    vi.spyOn(process.stdout, 'write').mockImplementation(record);
    vi.spyOn(process.stderr, 'write').mockImplementation(record);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('to a user cannot steer the terminal', () => {
    printMessage('web1: offline: said \u001b]0;x\u0007\u009b2Jno');
    expect(written).toEqual(['ocr: web1: offline: said no\n']);
  });

  it('to a user keeps its lines', () => {
    printMessage('one\ntwo \u001b[2Jthree\u0085');
    expect(written).toEqual(['ocr: one\ntwo three \n']);
  });

  it('for scripts is JSON without a control character, and the same when it is parsed', () => {
    const value = { title: 'a\u009b31m\u001b[31m\u007f\u0080\u009f ä', list: [1] };
    printJson(value);
    expect(written.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(written.join('')).toContain('\\u009b31m');
    expect(JSON.parse(written.join(''))).toEqual(value);
  });
});
