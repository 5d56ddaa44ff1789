import { describe, expect, it } from 'vitest';
import {
  hashName,
  judgeHostKey,
  knownHostsName,
  matchingEntries,
  parseKnownHosts,
} from '../../../src/transport/host-keys/known-hosts.ts';
import { field, makeHostKey } from '../../support/host-keys.ts';

const KEY = makeHostKey();
const OTHER = makeHostKey();
const RSA = makeHostKey('ssh-rsa');

/** The known_hosts entry of a host with KEY. */
function judge(text: string, name: string, key = KEY): string {
  return judgeHostKey(matchingEntries(parseKnownHosts(text, 'f'), name), key.type, key.blob.toString('base64')).kind;
}

describe('the name of a host in known_hosts', () => {
  it('has the port when it is not 22, is in lower case, and gives way to the alias of the key', () => {
    expect(knownHostsName('Web1.Example.ORG', 22, null)).toBe('web1.example.org');
    expect(knownHostsName('Web1', 2222, null)).toBe('[web1]:2222');
    expect(knownHostsName('fe80::1', 22, null)).toBe('fe80::1');
    expect(knownHostsName('web1', 2222, 'Farm')).toBe('farm');
  });
});

describe('known_hosts', () => {
  it.each([
    ['a plain name', `web1 ${KEY.text}`, 'web1', 'known'],
    ['one of many names', `web0,web1,10.0.0.1 ${KEY.text} comment`, 'web1', 'known'],
    ['a name in upper case', `WEB1 ${KEY.text}`, 'web1', 'known'],
    ['a letter that is ASCII only in lower case', `\u212Aite ${KEY.text}`, 'kite', 'unknown'],
    ['a hashed name', `${hashName('web1')} ${KEY.text}`, 'web1', 'known'],
    ['a hash of another name', `${hashName('web2')} ${KEY.text}`, 'web1', 'unknown'],
    [
      'two hashes, of which no line may have more than one',
      `${hashName('web1')},${hashName('web1')} ${KEY.text}`,
      'web1',
      'unknown',
    ],
    ['a hash with a salt that is too short', `${hashName('web1', Buffer.from('salt'))} ${KEY.text}`, 'web1', 'unknown'],
    ['a hash of another kind', `${hashName('web1').replace('|1|', '|2|')} ${KEY.text}`, 'web1', 'unknown'],
    ['a hash that is damaged', `|1|x ${KEY.text}`, 'web1', 'unknown'],
    ['a name and port', `[web1]:2222 ${KEY.text}`, '[web1]:2222', 'known'],
    ['a hashed name and port', `${hashName('[web1]:2222')} ${KEY.text}`, '[web1]:2222', 'known'],
    ['another port', `[web1]:2222 ${KEY.text}`, '[web1]:2223', 'unknown'],
    ['an IPv6 address', `fe80::1 ${KEY.text}`, 'fe80::1', 'known'],
    ['an IPv6 address and port', `[fe80::1]:2222 ${KEY.text}`, '[fe80::1]:2222', 'known'],
    ['a wildcard', `*.example.org ${KEY.text}`, 'web1.example.org', 'known'],
    ['a wildcard of another domain', `*.example.org ${KEY.text}`, 'web1.example.com', 'unknown'],
    ['a wildcard that stands for nothing', `web1* ${KEY.text}`, 'web1', 'known'],
    ['a wildcard for names with a port', `[*.example.org]:2222 ${KEY.text}`, '[web1.example.org]:2222', 'known'],
    ['a dot that is no wildcard', `web.1 ${KEY.text}`, 'webx1', 'unknown'],
    ['a question mark', `web? ${KEY.text}`, 'web1', 'known'],
    ['a question mark that is one letter', `web? ${KEY.text}`, 'web12', 'unknown'],
    ['a negation after a wildcard', `*,!web1 ${KEY.text}`, 'web1', 'unknown'],
    ['a negation before a wildcard', `!web1,* ${KEY.text}`, 'web1', 'unknown'],
    ['a negation with a wildcard', `*,!web? ${KEY.text}`, 'web1', 'unknown'],
    ['a negation of another host', `*,!web2 ${KEY.text}`, 'web1', 'known'],
    ['nothing but a negation', `!web2 ${KEY.text}`, 'web1', 'unknown'],
    ['another key of the type', `web1 ${OTHER.text}`, 'web1', 'changed'],
    ['a key of another type alone, as ssh has it', `web1 ${RSA.text}`, 'web1', 'changed'],
    ['a key of another type too', `web1 ${RSA.text}\nweb1 ${KEY.text}`, 'web1', 'known'],
    ['two keys of the type', `web1 ${OTHER.text}\nweb1 ${KEY.text}`, 'web1', 'known'],
    ['a key that is revoked', `@revoked web1 ${KEY.text}`, 'web1', 'revoked'],
    ['a key that is revoked for all', `web1 ${KEY.text}\n@revoked * ${KEY.text}`, 'web1', 'revoked'],
    ['another key that is revoked', `@revoked * ${OTHER.text}\nweb1 ${KEY.text}`, 'web1', 'known'],
    ['a revoked key alone', `@revoked web1 ${OTHER.text}`, 'web1', 'unknown'],
    ['a certificate authority, which is no key of a host', `@cert-authority web1 ${KEY.text}`, 'web1', 'unknown'],
    ['a marker that nobody knows', `@trusted web1 ${KEY.text}`, 'web1', 'unknown'],
    ['two markers', `@revoked @cert-authority * ${KEY.text}`, '@cert-authority', 'unknown'],
    ['a comment', `# web1 ${KEY.text}`, 'web1', 'unknown'],
    ['a line cut short', 'web1 ssh-ed25519', 'web1', 'unknown'],
    ['a key cut short', `web1 ${OTHER.text.slice(0, -4)}`, 'web1', 'unknown'],
    ['a key that goes on', `web1 ${OTHER.text}AAAA`, 'web1', 'unknown'],
    ['a key of another type than it says', `web1 ssh-rsa ${OTHER.text.split(' ')[1]}`, 'web1', 'unknown'],
    ['a type that nobody knows', `web1 ssh-new ${field(Buffer.from('ssh-new')).toString('base64')}`, 'web1', 'unknown'],
    ['a line of protocol 1', 'web1 1024 65537 1234567890', 'web1', 'unknown'],
    ['blanks, tabs and the line ends of Windows', ` \t web1\t${KEY.text}\r\n`, 'web1', 'known'],
    ['the line ends of Windows after a comment', `# hosts\r\n\r\nweb1 ${KEY.text} ada\r\n`, 'web1', 'known'],
    ['a byte order mark, which is part of the first name', `\uFEFFweb1 ${KEY.text}`, 'web1', 'unknown'],
    ['nothing', '', 'web1', 'unknown'],
  ])('with %s', (_name, text, host, expected) => {
    expect(judge(text, host)).toBe(expected);
  });

  it('names file and line of the entry that differs, one of the same type before others', () => {
    const text = `# first\n\nweb1 ${RSA.text}\nweb1 ${OTHER.text}\n`;
    const entries = parseKnownHosts(text, '/home/ada/known_hosts');
    const blame = (key = KEY) => judgeHostKey(entries, key.type, key.blob.toString('base64'));
    expect(blame()).toMatchObject({ kind: 'changed', entry: { file: '/home/ada/known_hosts', line: 4 } });
    expect(blame(makeHostKey('ecdsa-sha2-nistp256'))).toMatchObject({ kind: 'changed', entry: { line: 3 } });
  });

  it('is not held up by a pattern of many wildcards', () => {
    // A matcher that tries every way to share out the name never returns.
    expect(judge(`${'*a'.repeat(200)}b ${KEY.text}`, 'a'.repeat(2000))).toBe('unknown');
  });
});
