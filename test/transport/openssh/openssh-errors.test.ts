import { describe, expect, it } from 'vitest';
import { explainSshFailure } from '../../../src/transport/openssh/openssh-errors.ts';

/** Output of OpenSSH 9.2, with the names of hosts and files made plain. */
const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:UwY/UH0cR0wdmZZFJxw6fveC012Ovrb31kHbUt2u3zc.
Please contact your system administrator.
Add correct host key in /home/ada/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/ada/.ssh/known_hosts:7
  remove with:
  ssh-keygen -f "/home/ada/.ssh/known_hosts" -R "[web1]:2222"
Host key for [web1]:2222 has changed and you have requested strict checking.
Host key verification failed.
`;

const REVOKED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@       WARNING: REVOKED HOST KEY DETECTED!               @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
The ED25519 host key for web1 is marked as revoked.
This could mean that a stolen key is being used to
impersonate this host.
ED25519 host key for web1 was revoked and you have requested strict checking.
Host key verification failed.
`;

const PERMISSIONS = `@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @
Permissions 0644 for '/home/ada/.ssh/id' are too open.
It is required that your private key files are NOT accessible by others.
This private key will be ignored.
Load key "/home/ada/.ssh/id": bad permissions
ada@web1: Permission denied (publickey,password).
`;

describe('why ssh gave up', () => {
  it('a ControlPath that is too long for a socket is named as such', () => {
    const line = 'unix_listener: path "/tmp/x/yyyyyyyyyy.D4iclAZxV01FBIDl" too long for Unix domain socket';
    const { kind, message, hint } = explainSshFailure(`${line}\n`);
    expect({ kind, message }).toEqual({ kind: 'protocol', message: 'its ControlPath is too long for a socket' });
    expect(hint).toContain('ssh.control_path');
    expect(hint).toContain('/tmp/x/yyyyyyyyyy');
  });

  it.each([
    ['ssh: connect to host web1 port 22: Connection refused', 'refused', 'connection refused'],
    ['ssh: connect to host web1 port 22: Connection timed out', 'timeout', 'connection timed out'],
    ['ssh: connect to host web1 port 22: Operation timed out', 'timeout', 'connection timed out'],
    ['Connection timed out during banner exchange', 'timeout', 'connection timed out'],
    ['Timeout, server web1 not responding.', 'timeout', 'connection timed out'],
    ['ssh: connect to host web1 port 22: No route to host', 'unreachable', 'no route to the host'],
    ['ssh: connect to host web1 port 22: Network is unreachable', 'unreachable', 'no route to the host'],
    ['ssh: Could not resolve hostname web1: Name or service not known', 'dns', 'the name web1 does not resolve'],
    ['ada@web1: Permission denied (publickey,password).', 'auth', 'permission denied (publickey,password)'],
    [PERMISSIONS, 'auth', 'permission denied (publickey,password)'],
    [
      'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.1 port 22',
      'auth',
      'too many authentication failures',
    ],
    ['Host key verification failed.', 'host-key-unknown', 'the host key was not trusted'],
    [
      'No ED25519 host key is known for [web1]:2222 and you have requested strict checking.\nHost key verification failed.',
      'host-key-unknown',
      'no ED25519 key is on record for [web1]:2222',
    ],
    [CHANGED, 'host-key-changed', 'not the ED25519 key in /home/ada/.ssh/known_hosts:7'],
    [REVOKED, 'host-key-changed', 'the host key is marked as revoked'],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: aes128-ctr',
      'protocol',
      'no matching cipher found',
    ],
    ['command-line: line 0: Bad configuration option: foo', 'protocol', 'Bad configuration option: foo'],
    ['kex_exchange_identification: Connection closed by remote host', 'closed', 'the host closed the connection'],
    ['kex_exchange_identification: read: Connection reset by peer', 'closed', 'the host closed the connection'],
    ['client_loop: send disconnect: Broken pipe', 'closed', 'the host closed the connection'],
    ['something new', 'closed', 'ssh: something new'],
    ['', 'closed', 'ssh ended without a message'],
  ])('%j', (printed, kind, message) => {
    expect(explainSshFailure(printed.replaceAll('\n', '\r\n'))).toMatchObject({ kind, message });
  });

  it.each([
    [
      'ssh: connect to host hop port 22: Connection refused\nkex_exchange_identification: Connection closed by remote host',
      'refused',
    ],
    [
      'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nConnection closed by UNKNOWN port 65535',
      'refused',
    ],
    ['ada@hop: Permission denied (publickey).\nConnection closed by UNKNOWN port 65535', 'auth'],
  ])('is looked for at the hop first: %j', (printed, kind) => {
    expect(explainSshFailure(printed).kind).toBe(kind);
  });

  it('is what the log says, whatever a host wrote besides it', () => {
    const banner = `${CHANGED}root@web1: Permission denied (none).\n`;
    const log = 'ada@web1: Permission denied (publickey).';
    expect(explainSshFailure(log, banner)).toMatchObject({ kind: 'auth', message: 'permission denied (publickey)' });
    const dropped = 'Connection closed by 10.0.0.1 port 22';
    const error = explainSshFailure(dropped, banner);
    expect(error).toMatchObject({ kind: 'closed', message: 'the host closed the connection' });
    expect(error.hint).not.toContain('If you are sure of the new key');
    expect(error.hint).toContain('root@web1: Permission denied (none).');
  });

  it.each([
    ['', 'ssh: connect to host hop port 22: Connection refused', 'refused'],
    [
      'kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535',
      'ada@hop: Permission denied (publickey).',
      'auth',
    ],
    ['kex_exchange_identification: Connection closed by remote host', '', 'closed'],
    ['kex_exchange_identification: Connection closed by remote host', 'a word of no meaning', 'closed'],
  ])('is what the way to the host says where the log tells nothing: %j, %j', (log, printed, kind) => {
    expect(explainSshFailure(log, printed).kind).toBe(kind);
  });

  it('says what to do, and what ssh said last', () => {
    const { hint } = explainSshFailure(CHANGED);
    expect(hint).toContain('If you are sure of the new key, remove /home/ada/.ssh/known_hosts:7.');
    expect(hint).toContain('ssh-keygen -f "/home/ada/.ssh/known_hosts" -R "[web1]:2222"');
    expect(hint).not.toContain('@@@');
  });

  it('stays short, whatever is printed', () => {
    const { message, hint } = explainSshFailure(`${'x'.repeat(100_000)}\n`.repeat(10));
    expect(message.length).toBeLessThan(250);
    expect(hint?.length).toBeLessThan(700);
  });

  it('passes over what is for debugging', () => {
    const printed = 'OpenSSH_9.2p1\ndebug1: Permission denied (publickey)\nConnection closed by 10.0.0.1 port 22';
    expect(explainSshFailure(printed)).toMatchObject({ kind: 'closed', hint: expect.not.stringContaining('debug1') });
  });
});
