import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseSshOptions } from '../../src/discovery/ssh-options.ts';

const BASE = ['user ada', 'hostname web1.example.org', 'port 2222'];
const parse = (...lines: string[]) => parseSshOptions([...BASE, ...lines].join('\n'), 'web1');

describe('parseSshOptions', () => {
  it('reads what ssh -G prints', () => {
    const options = parse(
      'identitiesonly yes',
      'identityfile /keys/one',
      'identityfile /keys/two',
      'userknownhostsfile /a /b',
      'globalknownhostsfile /c',
      'connecttimeout 5',
      'serveraliveinterval 15',
      'serveralivecountmax 2',
      'hostkeyalias other',
      'proxyjump bastion',
      'proxycommand nc %h %p',
    );
    expect(options).toEqual({
      hostname: 'web1.example.org',
      port: 2222,
      user: 'ada',
      identityFiles: ['/keys/one', '/keys/two'],
      identitiesOnly: true,
      identityAgent: undefined,
      userKnownHostsFiles: ['/a', '/b'],
      globalKnownHostsFiles: ['/c'],
      hostKeyAlias: 'other',
      proxyJump: 'bastion',
      proxyCommand: 'nc %h %p',
      connectTimeout: 5000,
      serverAliveInterval: 15_000,
      serverAliveCountMax: 2,
    });
  });

  it('takes "none" for nothing', () => {
    const options = parse('proxyjump none', 'proxycommand none', 'identityfile none', 'connecttimeout none');
    expect(options).toMatchObject({ proxyJump: null, proxyCommand: null, identityFiles: [], connectTimeout: null });
    expect(parse('userknownhostsfile none')?.userKnownHostsFiles).toEqual([]);
  });

  it('expands the home folder and the tokens of paths', () => {
    const home = userInfo().homedir;
    const options = parse('identityfile ~/.ssh/id_%h_%p_%r_%n_100%%_%Z', 'identityfile %d/keys/%u');
    expect(options?.identityFiles).toEqual([
      `${home}/.ssh/id_web1.example.org_2222_ada_web1_100%_%Z`,
      `${home}/keys/${userInfo().username}`,
    ]);
  });

  it('tells an agent of its own from none and from that of the environment', () => {
    expect(parse('identityagent none')?.identityAgent).toBeNull();
    expect(parse('identityagent SSH_AUTH_SOCK')?.identityAgent).toBeUndefined();
    expect(parse('identityagent /run/agent')?.identityAgent).toBe('/run/agent');
    expect(parse('identityagent $OCR_TEST_UNSET')?.identityAgent).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a usage message', 'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy]\n'],
    ['no port', 'user ada\nhostname h\n'],
    ['a port that is none', 'user ada\nhostname h\nport many\n'],
  ])('does not take %s for an answer', (_name, text) => {
    expect(parseSshOptions(text, 'x')).toBeNull();
  });
});
