import { describe, expect, it } from 'vitest';
import { inspectFacts } from '../../src/components/inspect/inspect-lines.ts';
import { failureText } from '../../src/components/list/failure-text.ts';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { aFailure, aHost, anEntry, aSnapshot, NOW, SETTINGS, sshOptions } from '../support/builders.ts';

/** The facts of a host by their names, the values of one below the other. */
function factsOf(changes: Partial<HostEntry>): Record<string, string[]> {
  const entry = anEntry(changes);
  const row = { kind: 'host', key: 'host web1', entry, tree: null, expanded: false } as const;
  const facts: Record<string, string[]> = {};
  let last = '';
  for (const { name, value } of inspectFacts(row, SETTINGS, NOW).facts) {
    last = name || last;
    facts[last] = [...(facts[last] ?? []), value];
  }
  return facts;
}

const hostWith = (options: Parameters<typeof sshOptions>[0]) =>
  aHost({ route: { kind: 'ssh', options: sshOptions(options) } });

describe('the facts of a host', () => {
  it('tell what carries the connection, why, and what to know about it', () => {
    const connection = { kind: 'openssh', reason: 'CertificateFile ~/.ssh/cert.pub', notes: ['one', 'two'] } as const;
    expect(factsOf({ snapshot: aSnapshot({ connection }) })).toMatchObject({
      ssh: ['system ssh: CertificateFile ~/.ssh/cert.pub'],
      notes: ['one', 'two'],
    });
    const plain = { kind: 'ssh2', reason: null, notes: [] } as const;
    const facts = factsOf({ snapshot: aSnapshot({ connection }), failure: aFailure({ connection: plain }) });
    expect(facts).toMatchObject({ ssh: ['ssh2'] });
    expect(facts).not.toHaveProperty('notes');
  });

  it('tell of a host that was not connected yet what its configuration calls for', () => {
    expect(factsOf({ host: hostWith({ opensshOnly: ['PKCS11Provider /usr/lib/x.so'] }) })).toMatchObject({
      ssh: ['system ssh: PKCS11Provider /usr/lib/x.so'],
    });
    const route = { kind: 'by-name', reason: 'its options did not settle' } as const;
    expect(factsOf({ host: aHost({ route }) })).toMatchObject({ ssh: ['system ssh: its options did not settle'] });
    expect(factsOf({})).not.toHaveProperty('ssh');
    const local = { kind: 'local', reason: null, notes: [] } as const;
    expect(factsOf({ snapshot: aSnapshot({ connection: local }) })).not.toHaveProperty('ssh');
  });

  it('tell the jump hosts it is behind, and which of them is in the way', () => {
    const host = hostWith({ proxyJump: 'ada@hop1:2222, hop2' });
    const failure = aFailure({ status: 'blocked', blockedBy: 'hop2' });
    expect(factsOf({ host, failure })).toMatchObject({ behind: ['ada@hop1:2222, then hop2'], 'blocked by': ['hop2'] });
  });

  it('list what of the configuration is not used, up to a point', () => {
    const notUsed = Array.from({ length: 11 }, (_, at) => `LocalForward ${8000 + at} localhost:80`);
    expect(factsOf({ host: hostWith({ notUsed: notUsed.slice(0, 8) }) })['not used']).toEqual(notUsed.slice(0, 8));
    expect(factsOf({ host: hostWith({ notUsed }) })['not used']).toEqual([...notUsed.slice(0, 8), '3 more']);
  });
});

describe('the reason in the row of a host', () => {
  it.each([
    [{ reason: 'connection refused' }, 'offline: connection refused'],
    [{ status: 'blocked', reason: 'blocked by hop1: connection refused' }, 'blocked by hop1: connection refused'],
    [{ status: 'blocked', reason: 'connection refused', blockedBy: 'hop1' }, 'blocked by hop1: connection refused'],
    [{ status: 'blocked', reason: 'hop1: no route', blockedBy: 'hop1' }, 'blocked by hop1: no route'],
    [{ status: 'blocked', reason: 'behind hop1: no route', blockedBy: 'hop1' }, 'blocked by hop1: no route'],
    [{ status: 'blocked', reason: 'behind a wall' }, 'blocked: behind a wall'],
    [{ status: 'host-key-unknown', reason: 'the key is on no record' }, 'host key unknown: the key is on no record'],
  ] as const)('of %j is %j', (failure, expected) => {
    expect(failureText(aFailure(failure))).toBe(expected);
  });
});
