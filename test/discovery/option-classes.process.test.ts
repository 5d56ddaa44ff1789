import { describe, expect, it } from 'vitest';
import { asksForNothing, classOfOption, spellOption } from '../../src/discovery/option-classes.ts';
import { askSsh, hasSsh } from './corpus/ask-ssh.ts';

describe('the classes of options', () => {
  it.skipIf(!hasSsh)('hold every keyword that the installed ssh prints (skipped without the program ssh)', async () => {
    const { stdout } = await askSsh('-F', 'none', '-G', '--', 'localhost');
    const keywords = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')[0]!.toLowerCase()]));
    expect(keywords.length).toBeGreaterThan(60);
    expect(keywords.filter((keyword) => classOfOption(keyword) === null)).toEqual([]);
  });

  it('know what is printed only when it is set', () => {
    expect(classOfOption('localforward')).toBe('not-used');
    expect(classOfOption('pkcs11provider')).toBe('openssh-only');
    expect(classOfOption('proxyjump')).toBe('honoured');
    expect(classOfOption('gssapiclientidentity')).toBe('irrelevant');
    expect(classOfOption('nosuchthing')).toBeNull();
  });

  it('spell as the manual does', () => {
    expect(spellOption('casignaturealgorithms')).toBe('CASignatureAlgorithms');
    expect(spellOption('nosuchthing')).toBe('nosuchthing');
  });

  it.each([
    ['updatehostkeys', 'false', true],
    ['escapechar', 'none', true],
    ['tcpkeepalive', 'no', false],
    ['sessiontype', 'none', false],
    ['visualhostkey', 'yes', false],
    ['securitykeyprovider', 'internal', true],
    ['nosuchthing', 'no', false],
  ])('%s %s asks for nothing: %s', (keyword, value, nothing) => {
    expect(asksForNothing(keyword, value)).toBe(nothing);
  });
});
