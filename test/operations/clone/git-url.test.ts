import { describe, expect, it } from 'vitest';
import { cloneDirectory, depthFault, directoryFault, parentOf } from '../../../src/operations/clone/clone-place.ts';
import { gitUrlFault, repositoryName } from '../../../src/operations/clone/git-url.ts';

describe('the URL of a repository', () => {
  it.each([
    ['https://example.org/acme/shop.git', 'shop'],
    ['https://ada@example.org:8443/acme/shop/', 'shop'],
    ['http://[::1]:8080/shop', 'shop'],
    ['ssh://git@example.org:2222/~ada/shop.git/', 'shop'],
    ['git://example.org/shop', 'shop'],
    ['file:///srv/git/shop.git', 'shop'],
    ['file:///srv/shop/.git', 'shop'],
    ['git@example.org:acme/shop.git', 'shop'],
    ['web1:shop', 'shop'],
    ['git@[::1]:acme/shop', 'shop'],
    ['git@example.org:~/$(touch).git', '$(touch)'],
    [`https://example.org/it's"\`$(id)\`.git`, `it's"\`$(id)\``],
    ['https://example.org/acme/..', null],
    ['git@example.org:.git', null],
  ])('%s is one, of %s', (url, name) => {
    expect(gitUrlFault(url)).toBeNull();
    expect(repositoryName(url)).toBe(name);
  });

  it.each([
    ['', 'missing'],
    ['-oProxyCommand=touch', 'dash'],
    ['--upload-pack=touch', 'dash'],
    ['ext::sh -c touch', 'spaces'],
    ['ext::touch%20canary', 'ext:: would make git run a program'],
    ['fd::17', 'not allowed'],
    ['::x', 'not allowed'],
    ['git-remote-foo::https://example.org/x', 'not allowed'],
    ['https://example.org/a b', 'spaces'],
    ['https://example.org/a\nb', 'line breaks'],
    ['https://example.org/\u001b[31m', 'control or invisible characters'],
    ['https://example.org/\u202egit.pohs', 'invisible characters'],
    ['https://ada:secret@example.org/shop', 'a password in the URL'],
    ['ssh://-oProxyCommand=x/shop', 'dash'],
    ['ssh://-oProxyCommand=x@example.org/shop', 'dash'],
    ['ssh://%2doProxyCommand=x@example.org/shop', 'dash'],
    ['-x@example.org:shop', 'dash'],
    ['ada@-x:shop', 'dash'],
    ['example.org:-shop', 'dash'],
    ['example.org:', 'path'],
    ['https://example.org', 'path'],
    ['https:///shop', 'host'],
    ['https://example.org:99999/shop', 'is not a port'],
    ['file://shop', 'file:///PATH'],
    ['ftp://example.org/shop', 'is not one of https'],
    ['HTTPS://example.org/shop', 'is not one of https'],
    ['git+ssh://example.org/shop', 'is not one of https'],
    ['/srv/git/shop', 'file://'],
    ['shop', 'write https'],
  ])('%j is refused: %s', (url, reason) => {
    expect(gitUrlFault(url)).toContain(reason);
  });
});

describe('the directory of a clone', () => {
  it('is offered beside the project, else in the home', () => {
    expect(parentOf('/srv/shop')).toBe('/srv/');
    expect(parentOf('/shop')).toBe('/');
    expect(parentOf('/')).toBe('~/');
    expect(parentOf(null)).toBe('~/');
  });

  it('has the name of the repository behind a slash, else the name that was typed', () => {
    const url = 'https://example.org/acme/shop.git';
    expect(cloneDirectory('~/', url)).toBe('~/shop');
    expect(cloneDirectory('', url)).toBe('~/shop');
    expect(cloneDirectory('/srv//', url)).toBe('/srv/shop');
    expect(cloneDirectory('/srv/-rf', url)).toBe('/srv/-rf');
    expect(() => cloneDirectory('~/', 'git@example.org:.git')).toThrow('type one');
  });

  it('is refused when it is not one', () => {
    expect(directoryFault('/srv/a\nb')).toContain('line breaks');
    expect(directoryFault('shop')).toContain('must start with');
    expect(directoryFault('/srv/..')).toContain('must end with a name');
    expect(directoryFault(`/srv/it's $(x)`)).toBeNull();
    expect(directoryFault('')).toBeNull();
  });

  it('has a depth of one commit at least', () => {
    expect(['', '1', ' 20 '].map(depthFault)).toEqual([null, null, null]);
    for (const wrong of ['0', '-1', '1.5', 'x', '--upload-pack=x']) expect(depthFault(wrong)).toContain('number');
  });
});
