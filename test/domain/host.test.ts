import { describe, expect, it } from 'vitest';
import { hostStatus, isStale } from '../../src/domain/fleet.ts';
import { describeAddress } from '../../src/domain/host.ts';
import { isKeyName, isKeySequence } from '../../src/domain/key-name.ts';
import { aFailure, aHost, anEntry, aSnapshot, sshOptions } from '../support/builders.ts';

describe('describeAddress', () => {
  it('shows user, name and port, an IPv6 address in brackets', () => {
    expect(describeAddress(aHost())).toBe('ada@web1.example.org:22');
    const options = sshOptions({ hostname: 'fe80::1', port: 2222 });
    expect(describeAddress(aHost({ route: { kind: 'ssh', options } }))).toBe('ada@[fe80::1]:2222');
  });

  it('says so when there is none', () => {
    expect(describeAddress(aHost({ route: { kind: 'local' } }))).toBe('this machine');
    expect(describeAddress(aHost({ route: { kind: 'unresolved', reason: null } }))).toBe('not resolved');
  });
});

describe('the state of a host', () => {
  it('is unknown until it was asked, online when it answered, and what failed since', () => {
    expect(hostStatus(anEntry())).toBe('unknown');
    expect(hostStatus(anEntry({ snapshot: aSnapshot() }))).toBe('online');
    expect(hostStatus(anEntry({ snapshot: aSnapshot(), failure: aFailure({ status: 'auth-required' }) }))).toBe(
      'auth-required',
    );
  });

  it('is stale only where there is something to show that this run has not confirmed', () => {
    expect(isStale(anEntry())).toBe(false);
    expect(isStale(anEntry({ snapshot: aSnapshot() }))).toBe(true);
    expect(isStale(anEntry({ snapshot: aSnapshot(), fresh: true }))).toBe(false);
  });
});

describe('isKeySequence', () => {
  it.each(['q', 'g c', 'ctrl+x s', 'alt+d g G'])('knows %s', (text) => {
    expect(isKeySequence(text)).toBe(true);
  });

  it.each(['', ' ', 'g  c', 'g c ', ' g', 'gc', 'a b c d', 'g return'])('does not take %j', (text) => {
    expect(isKeySequence(text)).toBe(false);
  });
});

describe('isKeyName', () => {
  it.each([
    'q',
    'G',
    '?',
    '/',
    'enter',
    'space',
    'tab',
    'esc',
    'pgdn',
    'ctrl+r',
    'ctrl+w',
    'ctrl+space',
    'shift+tab',
    'alt+d',
    'alt+left',
    '+',
    'alt++',
  ])('knows %s', (name) => {
    expect(isKeyName(name)).toBe(true);
  });

  it.each([
    '',
    ' ',
    'qq',
    'return',
    'ctrl+',
    'ctrl+enter',
    'shift+a',
    'alt+',
    'alt+é',
    'alt+ctrl+x',
    'g c',
    'é',
    '\u001b',
  ])('does not take %j', (name) => {
    expect(isKeyName(name)).toBe(false);
  });
});
