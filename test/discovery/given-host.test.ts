import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGivenHosts } from '../../src/discovery/given-host.ts';

const parse = (value: unknown) => parseGivenHosts(JSON.stringify(value));

describe('what a command printed', () => {
  it('may be names, and objects with what ssh needs', () => {
    const given = parse([
      'web1',
      { name: 'web2', hostname: 'fe80::1%eth0', user: 'ada', port: '2222', extra: [1] },
      {
        alias: 'web3',
        group: 'web',
        label: 'Web 3',
        identity_file: '~/.ssh/a b',
        proxy_jump: 'ada@gate:22',
        user: null,
      },
    ]);
    expect(given).toEqual({
      problems: [],
      hosts: [
        { alias: 'web1', label: null, group: null, settings: [] },
        { alias: 'web2', label: null, group: null, settings: ['HostName=fe80::1%%eth0', 'User=ada', 'Port=2222'] },
        {
          alias: 'web3',
          label: 'Web 3',
          group: 'web',
          settings: ['IdentityFile="~/.ssh/a b"', 'ProxyJump=ada@gate:22'],
        },
      ],
    });
  });

  it.each(['', 'web1', '{"alias": "web1"}', '[', 'null'])('is not taken when it is no array: %j', (text) => {
    expect(parseGivenHosts(text)).toBeNull();
  });

  it.each([
    ['-oProxyCommand=x', 'is no name that ssh accepts'],
    ['a\nb', 'is no name that ssh accepts'],
    ['a\u0085', 'is no name that ssh accepts'],
    ['', 'is no name that ssh accepts'],
    [{}, 'has neither alias nor name'],
    [7, 'is left out'],
    [{ alias: 'a', hostname: '-x' }, 'hostname is no name that ssh accepts'],
    [{ alias: 'a', user: 'a b' }, 'user is no name that ssh accepts'],
    [{ alias: 'a', user: '$(x)' }, 'user is no name that ssh accepts'],
    [{ alias: 'a', user: '%h' }, 'user is no name that ssh accepts'],
    [{ alias: 'a', port: 70_000 }, 'port '],
    [{ alias: 'a', port: 'ssh' }, 'port '],
    [{ alias: 'a', identity_file: 'a"b' }, 'identity_file holds a quote'],
    [{ alias: 'a', identity_file: 'a\nProxyCommand x' }, 'identity_file holds control characters'],
    [{ alias: 'a', proxy_jump: '-x' }, 'proxy_jump is no ProxyJump'],
    [{ alias: 'a', proxy_jump: '$(x)' }, 'proxy_jump is no ProxyJump'],
  ])('leaves out an entry that ssh would refuse or misread, and says why: %j', (entry, why) => {
    const given = parse([entry, 'good']);
    expect(given?.hosts.map(({ alias }) => alias)).toEqual(['good']);
    expect(given?.problems).toEqual([expect.stringContaining(why)]);
  });

  it('names three problems and counts the rest', () => {
    const given = parse([1, 2, 3, 4, 5]);
    expect(given?.problems).toHaveLength(4);
    expect(given?.problems.at(-1)).toBe('and 2 more entries left out');
  });

  it('counts the first of two entries with one alias', () => {
    expect(
      parse([
        { alias: 'a', port: 1 },
        { alias: 'a', port: 2 },
      ])?.hosts,
    ).toMatchObject([{ settings: ['Port=1'] }]);
  });

  it('whatever it is, gives only settings of one line and names that are no options', () => {
    const field = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant('web1')));
    const names = ['alias', 'name', 'hostname', 'user', 'port', 'group', 'label', 'identity_file', 'proxy_jump'];
    const entry = fc.record(Object.fromEntries(names.map((name) => [name, field])), { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, fc.jsonValue())), (list) => {
        for (const { alias, settings } of parse(list)?.hosts ?? []) {
          expect(alias).not.toMatch(/^-|\p{C}|\s/u);
          for (const setting of settings) expect(setting).toMatch(/^[A-Z][A-Za-z]+=[^\p{C}]+$/u);
        }
      }),
    );
  });
});
