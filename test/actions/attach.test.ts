import { beforeEach, describe, expect, it } from 'vitest';
import { type AttachPorts, attachSession } from '../../src/actions/attach.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { attachCommand, DIRECTORY_GONE } from '../../src/opencode/attach-command.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import { type InteractiveExit, type Terminal, TransportError } from '../../src/transport/transport.ts';
import { aFailure, anEntry, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';
import { FakeTransport } from '../support/fake-transport.ts';

const session = aSession({ title: 'Fix \u001b[31mit\u001b[0m' });

describe('attaching', () => {
  let store: OcrStore;
  let transport: FakeTransport;
  let steps: string[];
  let written: string;
  let answer: Snapshot | null;

  beforeEach(() => {
    store = createOcrStore(SETTINGS, false);
    store.setState({ entries: new Map([['web1', anEntry({ snapshot: aSnapshot({ sessions: [session] }) })]]) });
    transport = new FakeTransport();
    steps = [];
    written = '';
    answer = aSnapshot({ sessions: [session] });
  });

  function ports(): AttachPorts {
    const stdout = {
      write: (text: string) => {
        written += text;
        return true;
      },
    };
    return {
      store,
      terminal: { stdin: {}, stdout } as unknown as Terminal,
      signal: new AbortController().signal,
      refreshHost: async (alias) => {
        steps.push(`ask ${alias}`);
        return answer;
      },
      openTransport: async () => {
        steps.push('connect');
        return transport;
      },
      suspendTerminal: async (callback) => {
        steps.push('suspend');
        await callback();
        steps.push('resume');
      },
    };
  }

  const attach = (exit: InteractiveExit | Error) => {
    transport.onPty = async () => {
      steps.push('opencode');
      if (exit instanceof Error) throw exit;
      return exit;
    };
    return attachSession(ports(), 'web1', 'ses_1');
  };

  it('asks the host, gives the terminal to opencode, and asks again', async () => {
    await attach({ code: 0, signal: null });
    expect(steps).toEqual(['ask web1', 'connect', 'suspend', 'opencode', 'resume', 'ask web1']);
    expect(transport.commands).toEqual([attachCommand('/usr/bin/opencode', session)]);
    expect(store.getState()).toMatchObject({ busy: null, error: null, toast: null });
    expect(store.getState().keysFrom).toBeGreaterThan(0);
  });

  it('paints no escape sequence of a title, and leaves the modes of the terminal reset', async () => {
    await attach({ code: 0, signal: null });
    expect(written).toMatch(/^opening "Fix it"\r\n/);
    expect(written).not.toContain('\u001b[31m');
    expect(written).toContain('\u001b[?1006l');
    expect(written).not.toContain('\u001b[?1049l');
  });

  it.each([
    [{ code: DIRECTORY_GONE, signal: null }, /directory is gone on web1/],
    [{ code: 1, signal: null }, /exit status 1/],
    [{ code: null, signal: 'SIGKILL' }, /ended by SIGKILL/],
  ])('says how opencode ended with %j, and leaves its screen', async (exit, expected) => {
    await attach(exit);
    expect(store.getState().toast).toMatchObject({ kind: 'error', text: expect.stringMatching(expected) });
    expect(store.getState().busy).toBeNull();
    expect(written).toContain('\u001b[?1049l');
  });

  it('takes Ctrl-C for no failure', async () => {
    await attach({ code: 130, signal: null });
    expect(store.getState().toast).toBeNull();
  });

  it('says that the connection was lost, and gives the terminal back in order', async () => {
    await attach(new TransportError('closed', 'the connection was lost', { hint: 'one\ntwo' }));
    expect(store.getState().error).toEqual({ title: 'web1: the connection was lost', lines: ['one', 'two'] });
    expect(store.getState().busy).toBeNull();
    expect(written).toContain('\u001b[?1049l');
    expect(written).toContain('\u001b[?25h');
  });

  it('keeps the screen when the host cannot be reached, and says why', async () => {
    answer = null;
    const failure = aFailure({ reason: 'connection refused', hint: 'Start sshd.' });
    store.setState({ entries: new Map([['web1', anEntry({ failure })]]) });
    await attach({ code: 0, signal: null });
    expect(steps).toEqual(['ask web1']);
    expect(store.getState().error).toEqual({
      title: 'web1 cannot be reached',
      lines: ['connection refused', 'Start sshd.'],
    });
    expect(store.getState().busy).toBeNull();
  });

  it('keeps the screen when the session is gone', async () => {
    answer = aSnapshot();
    await attach({ code: 0, signal: null });
    expect(steps).toEqual(['ask web1']);
    expect(store.getState().toast?.text).toBe('that session is gone');
  });

  it('does nothing while another one is being prepared, or for a host that is not listed', async () => {
    await attachSession(ports(), 'nobody', 'ses_1');
    store.setState({ busy: 'opening' });
    await attachSession(ports(), 'web1', 'ses_1');
    expect(steps).toEqual([]);
    expect(store.getState().busy).toBe('opening');
  });
});
