import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AttachDesk } from '../../src/actions/attach-desk.ts';
import type { AttachPorts, KeptProgram, ProgramWords, ServerFor } from '../../src/actions/attach-ports.ts';
import { act } from '../../src/actions/fleet/act.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { UserRequest } from '../../src/domain/user-request.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { UserError } from '../../src/lib/errors.ts';
import {
  attachScript,
  attachUrlScript,
  continueCommand,
  DIRECTORY_GONE,
  NO_PASSWORD,
  PASSWORD_ASKED,
  PASSWORD_TAKEN,
} from '../../src/opencode/attach-command.ts';
import { provenCommand } from '../../src/opencode/proven-script.ts';
import { createPager } from '../../src/store/form/pager.ts';
import { sessionKey } from '../../src/store/keys.ts';
import { selectedHost } from '../../src/store/selection.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import { inputBegun } from '../../src/store/typed-line.ts';
import {
  type InteractiveExit,
  type Pty,
  type Terminal,
  type TerminalSize,
  TransportError,
} from '../../src/transport/transport.ts';
import { aFailure, aHost, anEntry, aPermission, aServer, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';
import { FakePty } from '../support/fake-pty.ts';
import { FakeTransport, ptyWordOf } from '../support/fake-transport.ts';

const session = aSession({ title: 'Fix \u001b[31mit\u001b[0m' });
const other = aSession({ id: 'ses_2', title: 'Other' });
const KEY = sessionKey('web1', 'ses_1');

/** The command that starts a script after the profile of a login, with the random word of the one that was sent. */
function startOf({ commands }: FakeTransport, script: string): string {
  const word = ptyWordOf(commands.at(-1) ?? '') ?? '';
  return provenCommand({ script, mode: 'login', environment: {} }, { word }, 'login');
}

interface Leaving {
  readonly seconds: number;
  readonly hasPainted?: boolean;
  readonly hasStarted?: boolean;
  /** Runs while the dashboard takes the terminal again. */
  readonly meanwhile?: (pty: FakePty) => Promise<void>;
}

/** A kept program that is left when the test says so. */
class FakeProgram implements KeptProgram {
  readonly pty: Pty;
  readonly exit: Promise<InteractiveExit>;
  readonly sizes: TerminalSize[] = [];
  leave: () => void = () => {};
  inserted = '';
  readonly #shown: FakeProgram[];

  constructor(pty: Pty, shown: FakeProgram[]) {
    this.pty = pty;
    this.#shown = shown;
    this.exit = pty.exit;
  }

  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }

  words: ProgramWords | undefined;
  hasPainted = true;

  show(_terminal: Terminal, signal: AbortSignal, words: ProgramWords): Promise<'detached' | InteractiveExit> {
    this.words = words;
    this.#shown.push(this);
    const left = new Promise<'detached'>((resolve) => {
      this.leave = () => resolve('detached');
      signal.addEventListener('abort', () => resolve('detached'));
    });
    return Promise.race([left, this.exit]);
  }

  readonly notices: (string | null)[] = [];
  say(notice: ((columns: number) => string) | null): void {
    this.notices.push(notice?.(80) ?? null);
  }

  insert(text: string): boolean {
    this.inserted += text;
    return true;
  }

  async lines(): Promise<readonly string[]> {
    return Array.from({ length: 12 }, (_, line) => `line ${line}`);
  }

  close(): void {
    this.pty.close();
  }
}

describe('attaching', () => {
  let fleet: FleetStore;
  let store: OcrStore;
  let transport: FakeTransport;
  let steps: string[];
  let written: string;
  let answer: Snapshot | null;
  let ptys: FakePty[];
  let programs: FakeProgram[];
  /** One for each time. */
  let shown: FakeProgram[];
  let abort: AbortController;
  let stdout: EventEmitter & { columns: number; rows: number; write: (text: string) => boolean };

  const attachedKeys = () => new Set(store.getState().attached.keys());

  beforeEach(() => {
    fleet = new FleetStore(SETTINGS);
    store = createOcrStore(fleet, SETTINGS, false);
    answer = aSnapshot({ sessions: [session, other] });
    fleet.setState({ entries: new Map([['web1', anEntry({ snapshot: answer })]]) });
    transport = new FakeTransport();
    steps = [];
    written = '';
    ptys = [];
    programs = [];
    shown = [];
    abort = new AbortController();
    stdout = Object.assign(new EventEmitter(), {
      ...{ columns: 91, rows: 23 },
      write: (text: string) => {
        written += text;
        return true;
      },
    });
    transport.onPty = async (_command, { columns, rows }) => {
      steps.push(`opencode ${columns}x${rows}`);
      const pty = new FakePty();
      ptys.push(pty);
      return pty;
    };
  });

  function aDesk(changes: Partial<AttachPorts> = {}): AttachDesk {
    const ports: AttachPorts = {
      fleet,
      store,
      terminal: { stdin: {}, stdout } as unknown as Terminal,
      signal: abort.signal,
      refreshHost: async (alias) => {
        steps.push(`ask ${alias}`);
        return answer;
      },
      openTransport: async () => {
        steps.push('connect');
        return transport;
      },
      byUrl: {
        serverOf: async (host, { url }) => {
          steps.push(`log in to ${host.alias}`);
          return { url, username: 'ada', password: 'open sesame' };
        },
        openThisMachine: async () => {
          steps.push('open this machine');
          return transport;
        },
      },
      serverFor: null,
      keepProgram: async (pty) => {
        const program = new FakeProgram(pty, shown);
        programs.push(program);
        return program;
      },
      isTerminalLent: () => false,
      signs: { spinner: () => '-', attention: '!', ellipsis: '.' },
      suspendTerminal: async (callback) => {
        steps.push('suspend');
        await callback();
        steps.push('resume');
      },
    };
    // Not a spread, which would read the settings once.
    return new AttachDesk(Object.defineProperties(ports, Object.getOwnPropertyDescriptors(changes)));
  }

  /** Attaches and gives the program once it is shown. */
  async function open(desk: AttachDesk, id = 'ses_1') {
    const before = shown.length;
    const done = desk.attach('web1', id);
    await vi.waitFor(() => expect(shown.length).toBe(before + 1));
    const program = shown.at(-1)!;
    return { done, program, pty: ptys[programs.indexOf(program)]! };
  }

  it('asks the host, gives the terminal to opencode at its size, and asks again', async () => {
    const { done, pty } = await open(aDesk());
    expect(store.getState().busy).toBeNull();
    pty.end();
    await done;
    expect(steps).toEqual(['ask web1', 'connect', 'opencode 91x22', 'suspend', 'resume', 'ask web1']);
    expect(transport.commands).toEqual([startOf(transport, attachScript('/usr/bin/opencode', session))]);
    expect(store.getState()).toMatchObject({ busy: null, error: null, toast: null });
    expect(store.getState().keysFrom).toBeGreaterThan(0);
    expect(shown[0]?.words?.opening(80)).toMatch(
      /^ - Opening Fix it on web1 {3}logging in, \d+s +ctrl\+\] back to the fleet$/,
    );
    expect(written).toBe('');
  });

  it('keeps what is left, marks it, and comes back to it without asking anybody', async () => {
    const desk = aDesk();
    const first = await open(desk);
    expect([...store.getState().attached]).toEqual([[KEY, { alias: 'web1', id: 'ses_1', throughServer: false }]]);
    first.program.leave();
    await first.done;
    expect(store.getState().toast).toMatchObject({
      kind: 'info',
      text: expect.stringMatching(/"Fix it" keeps running.*enter/),
    });
    expect([desk.running(), desk.isRunning('web1', 'ses_1')]).toEqual([1, true]);

    steps = [];
    const second = await open(desk);
    expect(second.program).toBe(first.program);
    expect(steps).toEqual(['suspend']);
    second.pty.end();
    await second.done;
    expect(attachedKeys()).toEqual(new Set());
    expect(desk.running()).toBe(0);
    expect(ptys).toHaveLength(1);
  });

  describe('left before it has painted anything', () => {
    afterEach(() => void vi.useRealTimers());

    /** Opens a session and leaves it some seconds after opencode, or only the login, has started. */
    async function leave({ seconds, hasPainted = false, hasStarted = true, meanwhile }: Leaving) {
      const now = Date.now();
      vi.useFakeTimers({ toFake: ['Date'], now });
      // A frozen program takes its time to end.
      const pty = new FakePty();
      const suspendTerminal = async (callback: () => Promise<void>) => {
        await callback();
        await meanwhile?.(pty);
      };
      const desk = aDesk({ suspendTerminal });
      pty.close = () => {};
      const real = transport.onPty;
      transport.onPty = async () => {
        transport.onPty = real;
        ptys.push(pty);
        return pty;
      };
      const { done, program } = await open(desk);
      program.hasPainted = hasPainted;
      if (hasStarted) pty.print('\u001b_ocr:starts 42\u001b\\');
      vi.setSystemTime(now + seconds * 1000);
      program.leave();
      return { desk, done, pty };
    }

    it('is ended after a minute, and opened again at once', async () => {
      const { desk, done, pty } = await leave({ seconds: 61 });
      await done;
      expect(store.getState().toast?.text).toBe(
        'opencode on web1 was frozen and has been ended; enter starts it again',
      );
      expect(desk.running()).toBe(0);
      const second = await open(desk);
      expect(ptys).toHaveLength(2);
      pty.end();
      await pty.exit;
      expect(desk.running()).toBe(1);
      second.program.leave();
      await second.done;
    });

    it.each<[string, Leaving]>([
      ['earlier', { seconds: 59 }],
      ['while the profiles of the login still run', { seconds: 61, hasStarted: false }],
      ['and has painted since', { seconds: 61, hasPainted: true }],
    ])('runs on when it is left %s', async (_when, leaving) => {
      const { desk, done } = await leave(leaving);
      await done;
      expect(store.getState().toast?.text).toContain('keeps running');
      expect(desk.running()).toBe(1);
    });

    it('is reported as failed if it ended in the meantime', async () => {
      const end = async (pty: FakePty) => {
        pty.end({ code: 3 });
        await vi.waitFor(() => expect(store.getState().attached.size).toBe(0));
      };
      const { done } = await leave({ seconds: 61, meanwhile: end });
      await done;
      expect(store.getState().toast?.text).toMatch(/exit status 3/);
    });
  });

  it('keeps several, and tells all of them of another size', async () => {
    const desk = aDesk();
    for (const id of ['ses_1', 'ses_2']) {
      const { done, program } = await open(desk, id);
      program.leave();
      await done;
    }
    expect(desk.running()).toBe(2);
    Object.assign(stdout, { columns: 100, rows: 30 });
    stdout.emit('resize');
    expect(programs.map(({ sizes }) => sizes)).toEqual([[{ columns: 100, rows: 30 }], [{ columns: 100, rows: 30 }]]);
    ptys[0]?.end();
    await vi.waitFor(() => expect(attachedKeys()).toEqual(new Set([sessionKey('web1', 'ses_2')])));
  });

  it.each([
    [{ code: DIRECTORY_GONE, signal: null }, /directory is gone on web1/],
    [{ code: NO_PASSWORD, signal: null }, /password of the server on web1 cannot be read/],
    [{ code: 1, signal: null }, /exit status 1: line 10 \/ line 11$/],
    [{ code: null, signal: 'SIGKILL' }, /ended by SIGKILL: line 10 \/ line 11$/],
  ])('says how opencode ended with %j', async (exit, expected) => {
    const { done, pty } = await open(aDesk());
    pty.end(exit);
    await done;
    expect(store.getState().toast).toMatchObject({ kind: 'error', text: expect.stringMatching(expected) });
    if (exit.code !== DIRECTORY_GONE) expect(store.getState().error?.lines).toHaveLength(10);
  });

  it('takes Ctrl-C for no failure', async () => {
    const { done, pty } = await open(aDesk());
    pty.end({ code: 130 });
    await done;
    expect(store.getState().toast).toBeNull();
  });

  it('says that the connection was lost, and that it can be attached again', async () => {
    const { done, pty } = await open(aDesk());
    pty.lose();
    await done;
    expect(store.getState().error?.title).toBe('web1: the connection was lost; enter attaches again');
    expect(attachedKeys()).toEqual(new Set());
  });

  it.each([
    [
      'has ended',
      (pty: FakePty) => pty.end(),
      'info',
      /"Fix it" on web1 ended in the background; enter attaches again/,
    ],
    [
      'has failed',
      (pty: FakePty) => pty.end({ code: 3 }),
      'error',
      /"Fix it" on web1: .* status 3: line 10 \/ line 11; enter attaches again/,
    ],
    ['is lost', (pty: FakePty) => pty.lose(), 'error', /"Fix it" on web1 .*connection was lost; enter attaches again/],
  ])('says of what runs in the background that it %s', async (_name, end, kind, text) => {
    const { done, program, pty } = await open(aDesk());
    program.leave();
    await done;
    end(pty);
    await vi.waitFor(() => expect(store.getState().toast).toMatchObject({ kind, text: expect.stringMatching(text) }));
    expect(attachedKeys()).toEqual(new Set());
  });

  it('wakes opencode by the number that its script has told, and holds back what was printed before', async () => {
    let wake = () => {};
    const { done, program, pty } = await open(
      aDesk({
        keepProgram: async (kept, _size, waking) => {
          wake = waking;
          programs.push(new FakeProgram(kept, shown));
          return programs.at(-1)!;
        },
      }),
    );
    let printed = '';
    program.pty.onData((chunk) => {
      printed += chunk.toString('utf8');
    });
    pty.print('Last login: today\r\n');
    wake();
    expect(transport.commands).toHaveLength(1);
    expect(program.words?.opening(80)).toContain('logging in');
    pty.print('\u001b_ocr:starts 42\u001b\\opencode');
    expect(printed).toBe('opencode');
    expect(program.words?.opening(80)).toContain('starting opencode');
    transport.onExec = async () => ({ code: 0, stdout: '', stderr: '' });
    wake();
    expect(transport.commands.at(-1)).toBe(continueCommand(42));
    pty.end();
    await done;
  });

  it.each([
    ['a terminal of few rows', 5, {}],
    ['the status line switched off', 23, { statusLine: false }],
  ])('gives opencode all rows with %s', async (_name, rows, ports) => {
    stdout.rows = rows;
    const { done, pty } = await open(aDesk(ports));
    pty.end();
    await done;
    expect(steps).toContain(`opencode 91x${rows}`);
  });

  describe('to a session that asks something', () => {
    const request = aPermission({ sessionId: 'ses_1', since: Date.now() });
    const asking = (...requests: UserRequest[]) => {
      const live = {
        ...NOTHING_LIVE,
        requests: new Map(requests.map((one) => [one.id, { server: 's', request: one }])),
      };
      fleet.setState({ entries: new Map([['web1', anEntry({ snapshot: answer!, live })]]) });
    };

    it('shows the request first, and opens it when that is wanted', async () => {
      asking(request);
      const desk = aDesk({ statusLine: false });
      await desk.attach('web1', 'ses_1');
      expect(steps).toEqual([]);
      expect(store.getState()).toMatchObject({ view: 'triage', selected: { key: `web1\0${request.id}` } });
      expect(store.getState().keysFrom).toBeGreaterThan(0);
      void desk.attach('web1', 'ses_1', true);
      await vi.waitFor(() => expect(shown).toHaveLength(1));
      expect(programs[0]?.notices.at(-1)).toMatch(/^ ! asked before it was opened.*ctrl\+\] y/);
      asking();
      expect(programs[0]?.notices.at(-1)).toBeNull();
      asking(aPermission({ id: 'per_2', sessionId: 'ses_2', since: Date.now() }));
      expect(programs[0]?.notices.at(-1)).toMatch(/^ ! Other on web1 asks +ctrl\+\] back/);
      programs[0]?.leave();
      await vi.waitFor(() => expect(programs[0]?.notices.at(-1)).toBeNull());
    });

    it('is told of in the place that the program was opened with, whatever the settings are now', async () => {
      const settings = { statusLine: false };
      const ports = {
        get statusLine() {
          return settings.statusLine;
        },
      };
      const desk = aDesk(ports);
      const first = await open(desk);
      first.program.leave();
      await first.done;
      settings.statusLine = true;
      asking({ ...request, since: Date.now() - 60_000 });
      void desk.attach('web1', 'ses_1', true);
      await vi.waitFor(() => expect(shown).toHaveLength(2));
      expect(first.program.notices.at(-1)).toMatch(/^ ! asked before it was opened/);
      first.program.leave();
    });

    it('is told of in the status line, with the others that need the user', async () => {
      asking(request, aPermission({ id: 'per_2', sessionId: 'ses_2', since: Date.now() }));
      void aDesk().attach('web1', 'ses_1', true);
      await vi.waitFor(() => expect(shown).toHaveLength(1));
      const [program] = programs;
      expect(program?.words?.status?.(90)).toMatch(
        /^ <> web1 > .* > Fix .*it.* +! asks: ctrl\+\] y {3}1 other needs you {3}ctrl\+\] back$/,
      );
      expect(program?.notices.at(-1)).toBeNull();
      program?.leave();
    });

    it('comes back to one that opencode shows, since it runs for longer', async () => {
      const desk = aDesk();
      const first = await open(desk);
      first.program.leave();
      await first.done;
      asking({ ...request, since: Date.now() + 1000 });
      const again = await open(desk);
      expect(again.program.notices.at(-1)).toBeNull();
      again.program.leave();
      await again.done;
      asking({ ...request, since: Date.now() - 60_000 });
      await desk.attach('web1', 'ses_1');
      expect(store.getState().view).toBe('triage');
      expect(shown).toHaveLength(2);
    });

    it('is opened at once where the request is snoozed', async () => {
      asking(request);
      fleet.setState({ snoozed: new Map([[`web1\0${request.id}`, Number.POSITIVE_INFINITY]]) });
      const { done, pty } = await open(aDesk());
      pty.end();
      await done;
    });
  });

  it('ends one, and all, without a word', async () => {
    const desk = aDesk();
    for (const id of ['ses_1', 'ses_2']) {
      const { done, program } = await open(desk, id);
      program.leave();
      await done;
    }
    store.setState({ toast: null });
    desk.end('web1', 'ses_1');
    await vi.waitFor(() => expect(desk.running()).toBe(1));
    desk.close();
    await vi.waitFor(() => expect(desk.running()).toBe(0));
    expect(ptys.every(({ closed }) => closed)).toBe(true);
    expect(store.getState()).toMatchObject({ toast: null, error: null });
    expect(stdout.listenerCount('resize')).toBe(0);
    await desk.attach('web1', 'ses_1');
    expect(ptys).toHaveLength(2);
  });

  it('ends with the dashboard while it is shown', async () => {
    const { done, pty } = await open(aDesk());
    abort.abort();
    await done;
    expect(pty.closed).toBe(true);
    expect(store.getState().toast).toBeNull();
  });

  it('keeps the screen when the host cannot be reached, and says why', async () => {
    answer = null;
    const failure = aFailure({ reason: 'connection refused', hint: 'Start sshd.' });
    fleet.setState({ entries: new Map([['web1', anEntry({ failure })]]) });
    await aDesk().attach('web1', 'ses_1');
    expect(steps).toEqual(['ask web1']);
    expect(store.getState().error).toEqual({
      title: 'web1 cannot be reached',
      lines: ['connection refused', 'Start sshd.'],
    });
    expect(store.getState().busy).toBeNull();
  });

  it('keeps the screen when the session is gone', async () => {
    answer = aSnapshot();
    await aDesk().attach('web1', 'ses_1');
    expect(steps).toEqual(['ask web1']);
    expect(store.getState().toast?.text).toBe('that session is gone');
  });

  it('keeps the screen when no terminal can be had, and says why', async () => {
    transport.onPty = async () => {
      throw new TransportError('protocol', 'no terminal', { hint: 'one\ntwo' });
    };
    await aDesk().attach('web1', 'ses_1');
    expect(steps).toEqual(['ask web1', 'connect', 'ask web1']);
    expect(store.getState().error).toEqual({ title: 'web1: no terminal', lines: ['one', 'two'] });
  });

  it('does nothing for a host that is not listed', async () => {
    await aDesk().attach('nobody', 'ses_1');
    expect(steps).toEqual([]);
  });

  it('attaches while other things are being done, and leaves their text alone', async () => {
    const gate = Promise.withResolvers<void>();
    const cloning = act({ store, signal: abort.signal }, 'cloning', () => gate.promise);
    const { done, pty } = await open(aDesk());
    expect(store.getState().busy).toBe('cloning');
    pty.end();
    await done;
    expect(store.getState().busy).toBe('cloning');
    gate.resolve();
    await cloning;
  });

  it('opens one at a time, and says so', async () => {
    const gate = Promise.withResolvers<void>();
    const desk = aDesk({
      openTransport: async () => {
        await gate.promise;
        return transport;
      },
    });
    const first = desk.attach('web1', 'ses_1');
    await desk.attach('web1', 'ses_2');
    expect(store.getState().toast?.text).toBe('a session on web1 is being opened: wait for that');
    gate.resolve();
    await vi.waitFor(() => expect(shown).toHaveLength(1));
    ptys[0]?.end();
    await first;
    expect(ptys).toHaveLength(1);
  });

  it.each<[string, Partial<OcrState>]>([
    ['has opened a dialog', { modal: { kind: 'pager', pager: createPager({ title: 'x', lines: [] }) } }],
    ['has gone on to another row', { selected: selectedHost('elsewhere') }],
    ['reads the help', { help: { query: '', selected: 0, isBinding: false } }],
    ['types a filter', inputBegun('filter')(initialState(SETTINGS, false))],
  ])('leaves the terminal to someone who %s meanwhile, and shows it later', async (_name, elsewhere) => {
    const desk = aDesk({
      openTransport: async () => {
        store.setState(elsewhere);
        return transport;
      },
    });
    await desk.attach('web1', 'ses_1');
    expect(steps).not.toContain('suspend');
    expect(store.getState()).toMatchObject({ busy: null, toast: { text: '"Fix it" is open; enter shows it' } });
    const { done, pty } = await open(desk);
    expect(ptys).toHaveLength(1);
    pty.end();
    await done;
  });

  it('waits in the background while someone else has the terminal, and its end is told', async () => {
    await aDesk({ isTerminalLent: () => true }).attach('web1', 'ses_1');
    expect(store.getState().toast?.text).toBe('"Fix it" is open; enter shows it');
    ptys[0]?.end({ code: 3 });
    await vi.waitFor(() =>
      expect(store.getState().toast?.text).toMatch(/exit status 3: line 10 \/ line 11; enter attaches again/),
    );
    expect(steps).not.toContain('suspend');
  });

  it('tells of its end when the terminal could not be had', async () => {
    await aDesk({ suspendTerminal: () => Promise.reject(new Error('already suspended')) }).attach('web1', 'ses_1');
    expect(store.getState().toast?.text).toBe('web1: already suspended');
    ptys[0]?.end({ code: 3 });
    await vi.waitFor(() => expect(store.getState().toast?.text).toMatch(/exit status 3/));
  });

  it('marks a shown session as seen until it is left', async () => {
    const offset = 3_600_000;
    const entry = anEntry({ snapshot: aSnapshot({ sessions: [session], clockOffset: offset }) });
    fleet.setState({ entries: new Map([['web1', entry]]) });
    const seenAt = () => fleet.getState().seen.sessions.get('web1')?.get(session.id) ?? 0;
    const before = Date.now();
    const { done, program } = await open(aDesk());
    const first = seenAt();
    expect(first).toBeGreaterThanOrEqual(before + offset);
    await vi.waitFor(() => expect(Date.now() + offset).toBeGreaterThan(first));
    program.leave();
    await done;
    expect(seenAt()).toBeGreaterThan(first);
  });

  it('gives what ocr itself writes to the program that is shown, and to none in the background', async () => {
    const desk = aDesk();
    expect(desk.insert('bell')).toBe(false);
    const { done, program } = await open(desk);
    expect(desk.insert('bell')).toBe(true);
    expect(program.inserted).toBe('bell');
    program.leave();
    await done;
    expect(desk.insert('bell')).toBe(false);
  });

  it('cuts a long title, so that what comes after it is seen', async () => {
    answer = aSnapshot({ sessions: [aSession({ title: 'x'.repeat(80) })] });
    const { done, program } = await open(aDesk());
    program.leave();
    await done;
    expect(store.getState().toast?.text).toBe(`"${'x'.repeat(23)}…" keeps running; enter goes back`);
  });

  it('opens a session of an instance by the opencode of this machine, and types its password', async () => {
    const host = aHost({ alias: 'web1', route: { kind: 'url', url: 'https://dev.example.org/oc' } });
    fleet.setState({ entries: new Map([['web1', anEntry({ host, snapshot: answer })]]) });
    fleet.flush();
    const { done, pty } = await open(aDesk());
    const server = { url: 'https://dev.example.org/oc', username: 'ada', password: 'open sesame' };
    expect(steps.slice(0, 4)).toEqual(['ask web1', 'log in to web1', 'open this machine', 'opencode 91x22']);
    expect(transport.commands).toEqual([startOf(transport, attachUrlScript('opencode', session, server))]);
    expect(transport.commands.join()).not.toContain('open sesame');
    pty.print(PASSWORD_ASKED);
    expect(pty.typed).toBe('open sesame\n');
    pty.end();
    await done;
  });

  describe('through a server', () => {
    const url = 'http://127.0.0.1:4096';
    const process = aServer();

    it('attaches to the one that is found for the session', async () => {
      const serverFor: ServerFor = async (host, found) => {
        steps.push(`server of ${host.alias} for ${found.id}: ${store.getState().busy}`);
        return { url, process, username: null, secret: { kind: 'file', path: '/home/x/server.json' } };
      };
      const { done, pty } = await open(aDesk({ serverFor }));
      const listed = [...store.getState().attached.values()];
      pty.end();
      await done;
      const server = { url, process, username: null, secret: { kind: 'file', path: '/home/x/server.json' } } as const;
      expect(listed).toEqual([{ alias: 'web1', id: 'ses_1', throughServer: true }]);
      expect(transport.commands).toEqual([startOf(transport, attachScript('/usr/bin/opencode', session, server))]);
      expect(steps[1]).toBe('server of web1 for ses_1: opening the session through the server of web1');
    });

    it('says why there is none, and attaches to nothing else', async () => {
      const serverFor: ServerFor = async () => {
        throw new UserError('no server can be started');
      };
      await aDesk({ serverFor }).attach('web1', 'ses_1');
      expect(steps).toEqual(['ask web1', 'ask web1']);
      expect(store.getState().toast).toMatchObject({ kind: 'error', text: 'web1: no server can be started' });
      expect(store.getState().busy).toBeNull();
    });

    it('gives a password to the script that asks for it, and to no one else', async () => {
      const password = 'open sesame';
      const serverFor: ServerFor = async () => ({ url, process, username: 'me', secret: { kind: 'value', password } });
      const { done, program, pty } = await open(aDesk({ serverFor }));
      let printed = '';
      program.pty.onData((chunk) => {
        printed += chunk.toString('utf8');
      });
      pty.print(`noise${PASSWORD_ASKED}`);
      expect(pty.typed).toBe(`${password}\n`);
      pty.print(`${password}\r\n${PASSWORD_TAKEN}\u001b_ocr:starts 7\u001b\\hello`);
      expect(printed).toBe('hello');
      pty.end();
      await done;
      expect(JSON.stringify([transport.commands, written, [...store.getState().attached]])).not.toContain(password);
    });

    it('refuses a password that a terminal would take for keys', async () => {
      const serverFor: ServerFor = async () => ({
        url,
        process,
        username: null,
        secret: { kind: 'value', password: 'a\u0003b' },
      });
      await aDesk({ serverFor }).attach('web1', 'ses_1');
      expect(store.getState().toast?.text).toMatch(/cannot be typed/);
      expect(ptys[0]?.closed).toBe(true);
    });
  });
});
