import { describe, expect, it } from 'vitest';
import { type SshTarget, sshArguments } from '../../../src/transport/openssh/openssh-arguments.ts';
import { parseSshFeatures } from '../../../src/transport/openssh/openssh-features.ts';
import { boundedPersist, parseNotes } from '../../../src/transport/openssh/openssh-master.ts';
import { sshOptions } from '../../support/builders.ts';

const target = (changes: Partial<SshTarget> = {}): SshTarget => ({
  alias: 'web1',
  user: null,
  port: null,
  options: null,
  configFile: null,
  timeout: 10_000,
  asks: false,
  nobodyToAsk: true,
  proxyCommand: null,
  features: { sessionOptions: true, askpassRequire: true, logVerbose: true, marksServerPrompts: true },
  ...changes,
});

const none = { kind: 'none' } as const;

describe('what ssh is told', () => {
  it('ends with the settings that the ssh config lacks, so that a way through a hop comes first', () => {
    const options = sshOptions({ given: ['HostName=10.0.0.1', 'ProxyJump=gate'] });
    const told = sshArguments(target({ options, proxyCommand: 'way' }), 'exec', none);
    expect(told.slice(-4)).toEqual(['-o', 'HostName=10.0.0.1', '-o', 'ProxyJump=gate']);
    expect(told.indexOf('ProxyCommand=way')).toBeLessThan(told.indexOf('ProxyJump=gate'));
    expect(told.indexOf('ProxyCommand=way')).toBeGreaterThan(-1);
  });

  it('asks nothing where no one can answer', () => {
    expect(sshArguments(target(), 'exec', none)).toContain('BatchMode=yes');
    expect(sshArguments(target({ asks: true }), 'exec', none)).toContain('BatchMode=no');
  });

  it('trusts no new key where no one can be asked, though ssh may ask for what is remembered', () => {
    const strict = 'StrictHostKeyChecking=yes';
    const asks = { asks: true, options: sshOptions({ hostKeyPolicy: 'ask' }) };
    expect(sshArguments(target(asks), 'exec', none)).toContain(strict);
    expect(sshArguments(target({ ...asks, nobodyToAsk: false }), 'exec', none)).not.toContain(strict);
    const options = sshOptions({ hostKeyPolicy: 'accept-new' });
    expect(sshArguments(target({ asks: true, options }), 'exec', none)).not.toContain(strict);
    // One that is not known may be that.
    expect(sshArguments(target({ asks: true, options: null }), 'exec', none)).not.toContain(strict);
    expect(sshArguments(target(), 'exec', none)).not.toContain(strict);
  });

  it('keeps the shorter time, in whole seconds', () => {
    const options = sshOptions({ connectTimeout: 2500 });
    expect(sshArguments(target({ options }), 'exec', none)).toContain('ConnectTimeout=3');
    expect(sshArguments(target({ options, timeout: 300 }), 'exec', none)).toContain('ConnectTimeout=1');
  });

  it('leaves keepalives alone that the configuration sets', () => {
    const options = sshOptions({ serverAliveInterval: 5000 });
    expect(sshArguments(target({ options }), 'exec', none).join(' ')).not.toContain('ServerAlive');
    expect(sshArguments(target(), 'exec', none)).toContain('ServerAliveInterval=15');
  });

  it('forwards the agent to a terminal only, and where the configuration says so', () => {
    const options = sshOptions({ forwardAgent: true });
    expect(sshArguments(target({ options }), 'pty', none)).toContain('ForwardAgent=yes');
    expect(sshArguments(target({ options }), 'exec', none)).toContain('ForwardAgent=no');
    expect(sshArguments(target({ options: sshOptions({ forwardAgent: false }) }), 'pty', none)).toContain(
      'ForwardAgent=no',
    );
  });

  it('lets a client of a master open nothing itself, not even through a hop of ours', () => {
    const args = sshArguments(target({ proxyCommand: 'bridge' }), 'exec', { kind: 'client', path: '/tmp/a b/100%"' });
    expect(args).toContain('ProxyCommand=false');
    expect(args).toContain('ControlPath="/tmp/a b/100%%\\""');
    expect(args).not.toContain('ProxyCommand=bridge');
  });

  it('does without what an older ssh takes for an error', () => {
    const features = parseSshFeatures('OpenSSH_8.2p1 Ubuntu-4ubuntu0.5, OpenSSL 1.1.1f  31 Mar 2020');
    expect(features).toEqual({
      sessionOptions: false,
      askpassRequire: false,
      logVerbose: false,
      marksServerPrompts: false,
    });
    expect(sshArguments(target({ features }), 'exec', none).join(' ')).not.toMatch(/SessionType|ForkAfter|StdinNull/);
    expect(parseSshFeatures('OpenSSH_8.4p1 Debian-5').marksServerPrompts).toBe(false);
    expect(parseSshFeatures('OpenSSH_10.0p2, LibreSSL 3.3.6')).toEqual({
      sessionOptions: true,
      askpassRequire: true,
      logVerbose: true,
      marksServerPrompts: true,
    });
  });
});

it.each([
  ['yes', '600'],
  ['no', '600'],
  ['0', '600'],
  ['0s', '600'],
  ['10m', '10m'],
  ['30', '30'],
])('a ControlPersist of %s ends by %s', (persist, bounded) => {
  expect(boundedPersist(persist)).toBe(bounded);
});

it('what ssh warns of is told', () => {
  expect(parseNotes("Warning: Permanently added '[web1]:22' (ED25519) to the list of known hosts.\r\n")).toHaveLength(
    1,
  );
  expect(parseNotes('@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n')).toHaveLength(1);
  expect(parseNotes('')).toEqual([]);
});
