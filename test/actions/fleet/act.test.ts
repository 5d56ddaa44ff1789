import { describe, expect, it } from 'vitest';
import { act, inForm } from '../../../src/actions/fleet/act.ts';
import { ServerError } from '../../../src/opencode/server/server-error.ts';
import { failureText } from '../../../src/operations/failure.ts';
import { TransportError } from '../../../src/transport/transport.ts';
import { Desk } from './sessions/desk.ts';

describe('act', () => {
  it('says what is being done for as long as it is', async () => {
    const { ports, store } = new Desk([]);
    const gate = Promise.withResolvers<void>();
    const done = act(ports, 'renaming on web1', async (tell) => {
      await gate.promise;
      tell('still renaming');
      expect(store.getState().busy).toBe('still renaming');
    });
    expect(store.getState().busy).toBe('renaming on web1');
    gate.resolve();
    await done;
    expect(store.getState().busy).toBeNull();
  });

  it('says how many things are being done besides the latest', async () => {
    const { ports, store } = new Desk([]);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const one = act(ports, 'one', () => first.promise);
    const two = act(ports, 'two', () => second.promise);
    expect(store.getState().busy).toBe('two (and 1 more)');
    first.resolve();
    await one;
    expect(store.getState().busy).toBe('two');
    second.resolve();
    await two;
    expect(store.getState().busy).toBeNull();
  });

  it('leaves alone what others have put there', async () => {
    const { ports, store } = new Desk([]);
    await act(ports, 'one', async () => store.setState({ busy: 'opening the session' }));
    expect(store.getState().busy).toBe('opening the session');
  });

  it('tells what went wrong with the hint, whatever it is, and does not reject', async () => {
    const desk = new Desk([]);
    await act(desk.ports, 'forking on web1', async () => {
      throw new TransportError('auth', 'no key fits', { hint: 'ssh-add\nor press a' });
    });
    expect(desk.store.getState().toast).toMatchObject({ kind: 'error', text: 'forking on web1: no key fits' });
    expect(desk.errorLines).toEqual(['ssh-add', 'or press a']);
    const cause = new TransportError('closed', 'lost', { hint: 'press r' });
    await act(desk.ports, 'forking on web1', async () => {
      throw new ServerError('closed', 'POST /session/x/fork', 'lost', { cause });
    });
    expect(desk.toast).toBe('forking on web1: lost');
    expect(desk.errorLines).toEqual(['press r', 'asked: POST /session/x/fork']);
  });

  it('says nothing once the dashboard ends', async () => {
    const desk = new Desk([]);
    desk.stop.abort();
    await act(desk.ports, 'forking', async () => {
      throw new TransportError('aborted', 'given up');
    });
    expect(desk.toast).toBeNull();
  });
});

describe('inForm', () => {
  it('gives a signal of both, and says what went wrong on one line', async () => {
    const desk = new Desk([]);
    const left = new AbortController();
    await inForm(desk.ports, left.signal, async (signal) => {
      expect(signal.aborted).toBe(false);
      left.abort();
      expect(signal.aborted).toBe(true);
    });
    const error = new TransportError('auth', 'no key fits', { hint: 'ssh-add\nor press a' });
    await expect(inForm(desk.ports, left.signal, () => Promise.reject(error))).rejects.toThrow('no key fits (ssh-add)');
    expect(failureText(new ServerError('http', 'GET /x', 'broken'))).toBe('broken');
  });
});
