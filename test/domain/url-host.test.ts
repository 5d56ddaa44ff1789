import { expect, it } from 'vitest';
import { connectionFacts, serverFacts } from '../../src/components/inspect/host-facts.ts';
import { authenticateDisabledReason } from '../../src/components/keys/auth-bindings.ts';
import { addressOfUrl, describeAddress } from '../../src/domain/host.ts';
import { serverAt, serverKey } from '../../src/domain/server.ts';
import { namesOfHost } from '../../src/fleet/filter/session-text.ts';
import { attachLine } from '../../src/operations/sessions/attach-line.ts';
import { describeHost } from '../../src/report/host-report.ts';
import { hostKey } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';
import { aFailure, aHost, anEntry, aSnapshot, SETTINGS } from '../support/builders.ts';

const url = 'https://dev.example.org/oc';
const host = aHost({ alias: 'dev', route: { kind: 'url', url } });
const snapshot = aSnapshot({
  servers: [serverAt(url, '1.18.33')],
  connection: { kind: 'url', reason: null, notes: [] },
});

it('the address of a URL is its hostname and port', () => {
  expect(addressOfUrl(url)).toEqual({ hostname: 'dev.example.org', port: 443 });
  expect(addressOfUrl('http://[::1]')).toEqual({ hostname: '::1', port: 80 });
  expect(addressOfUrl('http://a:4096/x')).toEqual({ hostname: 'a', port: 4096 });
});

it('a host that is known by its URL shows it, is found by it and reports it', () => {
  expect(describeAddress(host)).toBe(url);
  expect(namesOfHost(host)).toEqual(['dev', 'dev.example.org']);
  const report = { name: 'dev', url, address: 'dev.example.org', port: 443, user: null, transport: 'url' };
  expect(describeHost(anEntry({ host, snapshot }), SETTINGS)).toMatchObject(report);
  const facts = [...connectionFacts(anEntry({ host, snapshot })), ...serverFacts(anEntry({ host, snapshot }))];
  expect(facts.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'reached: by its URL: it has no shell',
    `server: ${url}, 1.18.33`,
    ': not followed yet',
  ]);
});

it('its server keeps its key through a change of version', () => {
  expect(serverKey(serverAt(url, '1'))).toBe(serverKey(serverAt(url, '2')));
  expect(serverKey(serverAt(url))).not.toBe(serverKey(serverAt(`${url}2`)));
});

it('the line that attaches to it names its URL, quoted', () => {
  const line = (directory: string) => attachLine(host, '', { id: 'ses_1', directory }, null);
  expect(line('/srv/shop')).toBe(`opencode attach ${url} --dir /srv/shop --session ses_1`);
  expect(line('/srv/my shop')).toBe(`opencode attach ${url} --dir '/srv/my shop' --session ses_1`);
  const strange = aHost({ route: { kind: 'url', url: "http://a/$(touch x)'" } });
  expect(attachLine(strange, '', { id: 'ses_1', directory: '/a!\n' }, null)).not.toContain('\n');
});

it('it cannot be authenticated by keys, with the reason', () => {
  const row = (status: 'auth-required' | 'offline') =>
    ({
      ...{ kind: 'host', key: hostKey('dev') },
      entry: anEntry({ host, snapshot: null, failure: aFailure({ status, reason: 'why' }) }),
    }) as unknown as Row;
  expect(authenticateDisabledReason(row('auth-required'), 'e')).toBe(
    'dev is reached by its URL: e shows where its password is set',
  );
  expect(authenticateDisabledReason(row('offline'), 'e')).toBe('dev is offline: why; r tries again');
});
