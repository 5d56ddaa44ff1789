import { describe, expect, it } from 'vitest';
import { parseListeners } from '../../../src/opencode/server-process/listening-address.ts';

describe('the address of a listening socket', () => {
  it.each([
    ['1=0100007F:1000', '127.0.0.1', 4096],
    ['1=00000000:1F90', '127.0.0.1', 8080],
    ['1=0500007F:1000', '127.0.0.5', 4096],
    ['1=0701A8C0:1000', '192.168.1.7', 4096],
    ['1=00000000000000000000000000000000:1000', '::1', 4096],
    ['1=00000000000000000000000001000000:1000', '::1', 4096],
    ['1=0000000000000000FFFF00000100007F:1000', '127.0.0.1', 4096],
    ['1=000080FE00000000FF005450AB6CE4FE:1000', 'fe80:0:0:0:5054:ff:fee4:6cab', 4096],
    ['17=127.0.0.1:4096', '127.0.0.1', 4096],
    ['17=*:4096', '127.0.0.1', 4096],
    ['17=[::1]:4096', '::1', 4096],
    ['17=[::]:4096', '::1', 4096],
    ['17=[::ffff:10.0.0.9]:4096', '10.0.0.9', 4096],
    ['17=[fe80::1%en0]:4096', 'fe80::1', 4096],
    ['17=10.0.0.9:4096', '10.0.0.9', 4096],
  ])('%s is reached at %s', (text, hostname, port) => {
    expect(parseListeners(text)).toEqual([{ hostname, port }]);
  });

  it.each(['', '1=', '=0100007F:1000', '1=0100007F:0', 'x=0100007F:1000', '1=$(id):80', '1=127.0.0.1:99999', '1=::'])(
    'is none in %j',
    (text) => {
      expect(parseListeners(text)).toEqual([]);
    },
  );

  it('comes first that was opened first', () => {
    expect(parseListeners('30=0100007F:1001,4=0100007F:1002,9=0100007F:1003').map(({ port }) => port)).toEqual([
      0x1002, 0x1003, 0x1001,
    ]);
  });

  it('is not where a browser is waited for', () => {
    expect(parseListeners('3=0100007F:4DA4,9=0100007F:1003')).toEqual([{ hostname: '127.0.0.1', port: 0x1003 }]);
  });
});
