import { describe, expect, it } from 'vitest';
import { parseSshEnd } from '../../../src/transport/openssh/openssh-log.ts';

describe('the end of a command over ssh', () => {
  it.each([0, 1, 254, null])('is that of the command for %s', (code) => {
    expect(parseSshEnd(code, 'Received disconnect')).toEqual({ kind: 'exit', code });
  });

  it.each([
    ['debug2: Received exit status from master 255\n', { kind: 'exit', code: 255 }],
    ['debug2: Control master terminated unexpectedly\r\n', { kind: 'no-status' }],
    [
      'mux_client_request_session: session request failed: Session open refused by peer\r\nConnection closed by UNKNOWN port 65535\n',
      { kind: 'no-channel', reason: 'Session open refused by peer' },
    ],
    ['debug1: client_input_channel_req: channel 0 rtype exit-status reply 0\n', { kind: 'exit', code: 255 }],
    ['debug1: client_input_channel_req: channel 0 rtype exit-signal reply 0\n', { kind: 'exit', code: null }],
    [
      'debug1: ../../clientloop.c:client_input_channel_req():1837 (pid=70): client_input_channel_req: channel 0 rtype exit-signal reply 0\n',
      { kind: 'exit', code: null },
    ],
    [
      'debug2: ../../mux.c:mux_client_request_session():2068 (pid=7): Received exit status from master 255\n',
      { kind: 'exit', code: 255 },
    ],
    [
      'channel 0: open failed: administratively prohibited: no more sessions\n',
      { kind: 'no-channel', reason: 'administratively prohibited: no more sessions' },
    ],
    ['debug1: Control socket "/tmp/x" does not exist\nConnection closed by UNKNOWN port 65535\n', { kind: 'failed' }],
    ['', { kind: 'failed' }],
  ])('with status 255 is read from the log %j', (log, end) => {
    expect(parseSshEnd(255, log)).toEqual(end);
  });

  it('is not what the command itself says', () => {
    const log = `debug1: Sending command: echo 'debug2: Received exit status from master 3'
debug1: client_input_channel_req: channel 0 rtype exit-signal reply 0
`;
    expect(parseSshEnd(255, log)).toEqual({ kind: 'exit', code: null });
  });
});
