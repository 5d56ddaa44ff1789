import { describe, expect, it } from 'vitest';
import { type JumpDestination, parseProxyJump } from '../../src/domain/jump.ts';

const hop = (host: string, user: string | null = null, port: number | null = null): JumpDestination => ({
  host,
  user,
  port,
});

describe('parseProxyJump', () => {
  it.each<[string, JumpDestination[]]>([
    ['none', []],
    ['NONE', []],
    ['bastion', [hop('bastion')]],
    ['ada@bastion:2222', [hop('bastion', 'ada', 2222)]],
    ['a,b@c,d:1', [hop('a'), hop('c', 'b'), hop('d', null, 1)]],
    ['me@corp@bastion', [hop('bastion', 'me@corp')]],
    ['[10.0.0.1]', [hop('10.0.0.1')]],
    ['[::1]', [hop('::1')]],
    ['u@[fe80::1%eth0]:2222', [hop('fe80::1%eth0', 'u', 2222)]],
    ['ssh://bastion', [hop('bastion')]],
    ['ssh://ada@bastion:22/', [hop('bastion', 'ada', 22)]],
    ['SSH://ada%40corp@[::1]:22', [hop('::1', 'ada@corp', 22)]],
    ['ssh://ada;fingerprint=x@h', [hop('h', 'ada')]],
    ['a,ssh://b:1,[::2]', [hop('a'), hop('b', null, 1), hop('::2')]],
    ['bastion:65535', [hop('bastion', null, 65_535)]],
  ])('reads %s', (text, hops) => {
    expect(parseProxyJump(text)).toEqual(hops);
  });

  it.each([
    ...['', ',', 'a,', ',a', 'a,,b', ' ', 'a b', 'a, b', 'a\nb', 'a\0'],
    ...[
      '@h',
      'u@',
      'u@:22',
      ':22',
      'h:',
      'h:x',
      'h:0',
      'h:65536',
      'h:-1',
      'h:1:2',
      '::1',
      '[::1',
      '::1]',
      '[]',
      '[::1]x',
      '[::1]:',
    ],
    ...[
      '-oProxyCommand=x',
      '-l@h',
      'u@-h',
      '[-h]',
      'ssh://',
      'ssh:///',
      'ssh://h/path',
      'ssh://@h',
      'ssh://%@h',
      'http://h',
    ],
  ])('takes %j for garbage', (text) => {
    expect(parseProxyJump(text)).toBeNull();
  });
});
