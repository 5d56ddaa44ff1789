import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import type { ServerHealth } from '../../src/opencode/server/server-client.ts';
import { ServerError, type ServerErrorKind } from '../../src/opencode/server/server-error.ts';
import { probeFailureOf } from '../../src/probe/probe-error.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/probe/snapshot-file.ts';
import { probeUrl, type UrlSource } from '../../src/probe/url-probe.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { aHost, aSession, MINUTE, NOW } from '../support/builders.ts';

const route = { kind: 'url', url: 'https://dev.example.org/oc' } as const;
const host = aHost({ alias: 'dev', route });
const failing = (kind: ServerErrorKind, cause?: unknown) => () =>
  Promise.reject(new ServerError(kind, 'GET /global/health', 'why', { cause }));

function open(changes: Partial<UrlSource> & { readonly hasSecret?: boolean } = {}) {
  const { hasSecret = false, ...methods } = changes;
  const source: UrlSource = {
    health: async (): Promise<ServerHealth> => ({ version: '1.18.33', now: NOW - 1000 }),
    sessionsQuietly: async () => [aSession()],
    servesOnlyApi: async () => false,
    ...methods,
  };
  const discarded: UrlSource[] = [];
  const probe = (timeout = 1000) =>
    probeUrl(
      {
        open: async () => source,
        discard: async (one) => void discarded.push(one),
        hasSecret: () => hasSecret,
        passwordAdvice: (name) => `set the password of ${name}`,
        clock: () => NOW,
      },
      host,
      route,
      { signal: new AbortController().signal, timeout },
    );
  const failure = async () => probeFailureOf(await probe(20).catch((error: unknown) => error), NOW);
  return { probe, failure, discarded, source };
}

describe('the snapshot of a server that is known by its URL', () => {
  it('tells its version and sessions, and nothing of its machine', async () => {
    const snapshot = await open().probe();
    expect(snapshot).toMatchObject({
      ...{ at: NOW, rung: 'http', connection: { kind: 'url' }, processes: null, login: null, databasePath: null },
      ...{ clockOffset: 0, opencode: { version: '1.18.33' }, sessions: [{ id: 'ses_1' }] },
      servers: [{ pid: 0, hostname: 'dev.example.org', port: 443, own: false, url: route.url }],
    });
    expect(decodeSnapshot(encodeSnapshot('dev', snapshot), 'dev')).toEqual(snapshot);
  });

  it('has the clock of the server, if that is not ours', async () => {
    const health = async () => ({ version: '1.18.33', now: NOW + MINUTE });
    expect((await open({ health }).probe()).clockOffset).toBe(MINUTE);
  });
});

describe('a server that is known by its URL', () => {
  it('that wants a password, or another one, says where to set it and is logged in to anew', async () => {
    const asking = open({ health: failing('unauthorized') });
    expect(await asking.failure()).toMatchObject({
      ...{ status: 'auth-required', reason: 'the server wants a password', hint: 'set the password of dev' },
      connection: { kind: 'url' },
    });
    expect(asking.discarded).toEqual([asking.source]);
    const refusing = open({ sessionsQuietly: failing('unauthorized'), hasSecret: true });
    expect(await refusing.failure()).toMatchObject({ reason: 'the server refuses our password' });
  });

  it('that cannot be reached is offline, with the words of the connection', async () => {
    const refused = new TransportError('refused', 'connection refused', { hint: 'Nothing listens.' });
    expect(await open({ health: failing('refused', refused) }).failure()).toMatchObject({
      ...{ status: 'offline', reason: 'connection refused', hint: 'Nothing listens.' },
    });
    const silent = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => failing('closed')().catch(reject));
      });
    expect(await open({ health: silent }).failure()).toMatchObject({
      ...{ status: 'offline', reason: 'no answer within 0.02 s' },
    });
  });

  it('that is no opencode, or one of another generation, is named as such', async () => {
    const foreign = await open({ health: failing('not-found') }).failure();
    expect(foreign).toMatchObject({ status: 'error', reason: expect.stringContaining('no opencode that ocr knows') });
    expect(foreign.hint).toContain(route.url);
    const second = open({ health: failing('protocol'), servesOnlyApi: async () => true });
    expect((await second.failure()).reason).toContain('only the API of opencode 2');
    const old = open({ sessionsQuietly: failing('not-found') });
    expect(await old.failure()).toMatchObject({ status: 'error', hint: 'update opencode there.' });
    expect((await old.failure()).reason).toContain('opencode 1.18.33 does not list its sessions');
  });

  it('whose password must not be sent says so, with the hint', () => {
    const error = new UserError('its password is not sent', { hint: 'use https' });
    expect(probeFailureOf(error, NOW)).toMatchObject({ status: 'error', reason: error.message, hint: 'use https' });
  });
});
