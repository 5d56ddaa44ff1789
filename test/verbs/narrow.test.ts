import { expect, it } from 'vitest';
import { warnOfFailures } from '../../src/verbs/narrow.ts';
import { aFailure, aHost, anEntry, answered, aSession } from '../support/builders.ts';
import { aDesk } from './a-desk.ts';

const { signal } = new AbortController();
const silent = anEntry({ host: aHost({ alias: 'web2' }), snapshot: null, fresh: false });
const dead = anEntry({ host: aHost({ alias: 'web3' }), failure: aFailure({ status: 'offline', reason: 'refused' }) });

it('a listing names the hosts that it lacks, and why', () => {
  const entries = [answered('web1', [aSession()]), silent, dead];
  const { desk, warnings } = aDesk(entries, {}, signal);
  warnOfFailures(desk, entries, []);
  expect(warnings).toEqual(['web3: offline: refused', 'web2: no answer in time']);
});

it('a listing fails if none of the named targets has answered', () => {
  const { desk } = aDesk([silent, dead], {}, signal);
  expect(() => warnOfFailures(desk, [dead], ['web3'])).toThrow('no named target can be reached');
  expect(() => warnOfFailures(desk, [silent], ['web2'])).toThrow('no named target answered in time');
});

it('a listing of what is known waits for no host, and fails for none', () => {
  const { desk, warnings } = aDesk([silent], {}, signal, '', true);
  warnOfFailures(desk, [silent], ['web2']);
  expect(warnings).toEqual(['web2: it never answered']);
});
