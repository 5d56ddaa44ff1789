import { describe, expect, it } from 'vitest';
import { parseSshOptions } from '../../src/discovery/ssh-options.ts';
import { readSshOutput } from '../../src/discovery/ssh-output.ts';
import type { LocalMachine } from '../../src/discovery/this-machine.ts';

const machine: LocalMachine = {
  hostname: 'laptop.example.org',
  username: 'me',
  uid: 1000,
  home: '/home/me',
  environment: { AGENT: '/run/agent %h' },
  homeOf: (user) => (user === 'eve' ? '/home/eve' : null),
};
const BASE = ['user ada', 'hostname web1.example.org', 'port 2222'];
/** A version of ssh that prints `~` expanded, and one that does not. */
const [newer, older] = [`userknownhostsfile /home/me/.ssh/known_hosts`, `userknownhostsfile ~/.ssh/known_hosts`].map(
  readSshOutput,
);
const parse = (...lines: string[]) => parseSshOptions([...BASE, ...lines].join('\n'), 'web1', newer!, machine);
const parseOld = (...lines: string[]) => parseSshOptions([...BASE, ...lines].join('\n'), 'web1', older!, machine);

describe('parseSshOptions', () => {
  it('has a value for all that is not printed', () => {
    expect(parse()).toEqual({
      hostname: 'web1.example.org',
      port: 2222,
      user: 'ada',
      addressFamily: 'any',
      bindAddress: null,
      connectTimeout: null,
      connectionAttempts: 1,
      serverAliveInterval: 0,
      serverAliveCountMax: 3,
      proxyJump: null,
      proxyCommand: null,
      userKnownHostsFiles: [],
      globalKnownHostsFiles: [],
      hostKeyAlias: null,
      hostKeyPolicy: 'ask',
      hashKnownHosts: false,
      identityFiles: [],
      certificateFiles: [],
      identitiesOnly: false,
      useKeychain: false,
      identityAgent: undefined,
      authenticationMethods: [],
      passwordPrompts: 3,
      forwardAgent: false,
      algorithms: { ciphers: [], macs: [], kex: [], hostKeys: [], publicKeys: [] },
      requiredRsaSize: 1024,
      compression: false,
      setEnv: {},
      sendEnv: [],
      controlPath: null,
      opensshOnly: [],
      notUsed: [],
    });
  });

  it('takes "none" for nothing', () => {
    const options = parse('proxyjump none', 'proxycommand none', 'identityfile none', 'connecttimeout none');
    expect(options).toMatchObject({ proxyJump: null, proxyCommand: null, identityFiles: [], connectTimeout: null });
    expect(parse('userknownhostsfile none')?.userKnownHostsFiles).toEqual([]);
  });

  it('expands what is in paths once, and leaves what has no value', () => {
    const options = parse(
      'identityfile ~/.ssh/id_%h_%p_%r_%n_100%%h_%Z',
      'identityfile %d/keys/%u-%i-%L-%l',
      `identityfile ~eve/\${AGENT}`,
      `identityfile ~nobody/\${UNSET}%`,
    );
    expect(options?.identityFiles).toEqual([
      '/home/me/.ssh/id_web1.example.org_2222_ada_web1_100%h_%Z',
      '/home/me/keys/me-1000-laptop-laptop.example.org',
      '/home/eve//run/agent %h',
      `~nobody/\${UNSET}%`,
    ]);
  });

  it('counts the jump host into %C where ssh does', () => {
    const hashed = (...lines: string[]) => parse('identityfile %C', ...lines)?.identityFiles[0];
    const plain = hashed();
    expect(plain).toMatch(/^[0-9a-f]{40}$/);
    expect(hashed('proxyjump gate')).toBe(plain);
    expect(hashed('proxyjump gate', 'channeltimeout none')).not.toBe(plain);
    expect(hashed('channeltimeout none')).toBe(plain);
  });

  it('takes the name without its user, as ssh does, for %n and %k', () => {
    expect(parse('host plain', 'identityfile /%n/%k', 'hostkeyalias key')?.identityFiles).toEqual(['/plain/key']);
  });

  it('expands what an older ssh leaves, and nothing that a newer one has expanded', () => {
    const lines = ['userknownhostsfile ~/kh', 'controlpath ~/%h', 'identityagent ~/agent', 'forwardagent ~/%n'];
    expect(parseOld(...lines)).toMatchObject({
      userKnownHostsFiles: ['/home/me/kh'],
      controlPath: '/home/me/web1.example.org',
      identityAgent: '/home/me/agent',
      forwardAgent: '/home/me/web1',
    });
    expect(parse('controlpath /x/%h', 'userknownhostsfile /100%h', 'identityagent /%n')).toMatchObject({
      controlPath: '/x/%h',
      userKnownHostsFiles: ['/100%h'],
      identityAgent: '/%n',
    });
  });

  it('tells paths with blanks from the next one', () => {
    const files = parse('userknownhostsfile /a b/c  d /e /f', 'globalknownhostsfile g h /i')!;
    expect(files.userKnownHostsFiles).toEqual(['/a b/c  d', '/e', '/f']);
    expect(files.globalKnownHostsFiles).toEqual(['g', 'h', '/i']);
  });

  it('tells an agent of its own from none and from that of the environment', () => {
    expect(parse('identityagent none')?.identityAgent).toBeNull();
    expect(parse('identityagent SSH_AUTH_SOCK')?.identityAgent).toBeUndefined();
    expect(parse('identityagent /run/agent')?.identityAgent).toBe('/run/agent');
    expect(parse('identityagent $AGENT')?.identityAgent).toBe('/run/agent %h');
    expect(parse('identityagent $UNSET')?.identityAgent).toBeNull();
  });

  it.each([
    ['1Password', '/Users/ada/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock'],
    ['Secretive', '/Users/ada/Library/Containers/com.maxgoedjen.Secretive.SecretAgent/Data/socket.ssh'],
    ['launchd', '/private/tmp/com.apple.launchd.pXYZ/Listeners'],
  ])('takes the path of the agent of %s whole', (_, path) => {
    expect(parse(`identityagent ${path}`)?.identityAgent).toBe(path);
  });

  it('leaves passphrases to the keychain where ssh would ask it, and names what it does not do by itself', () => {
    const options = parse('usekeychain yes', 'addkeystoagent true', 'ignoreunknown UseKeychain');
    expect(options).toMatchObject({ useKeychain: true, opensshOnly: [], notUsed: ['AddKeysToAgent yes'] });
    expect(parse('usekeychain no')).toMatchObject({ useKeychain: false, notUsed: [] });
  });

  it('asks the user by keyboard if either of the keywords of older versions is on', () => {
    const methods = (...lines: string[]) => parse(...lines)?.authenticationMethods;
    expect(methods('kbdinteractiveauthentication no', 'challengeresponseauthentication yes')).toEqual([
      'keyboard-interactive',
    ]);
    expect(methods('kbdinteractiveauthentication no', 'challengeresponseauthentication no')).toEqual([]);
  });

  it('says which keywords of a newer ssh it does not know', () => {
    const options = parse(
      'frobnicate yes',
      'frobnicate no',
      'obscurekeystroketiming interval:80',
      'refuseconnection no way',
    );
    expect(options?.notUsed).toEqual(['frobnicate yes', 'frobnicate no', 'ObscureKeystrokeTiming interval:80']);
    expect(options?.opensshOnly).toEqual(['RefuseConnection no way']);
  });

  it('compares with the defaults of the same ssh, however it joins lists', () => {
    const defaults = readSshOutput('ipqos a b\nfrobnicate yes\ncheckhostip yes\nhostbasedacceptedalgorithms x,y\n');
    const list = (lines: string) => parseSshOptions(`${BASE.join('\n')}\n${lines}`, 'web1', defaults, machine);
    const same = list('ipqos a,b\nfrobnicate yes\ncheckhostip yes\nhostbasedacceptedalgorithms x,y\n');
    expect(same).toMatchObject({ notUsed: [], opensshOnly: [] });
    expect(list('ipqos a\nfrobnicate\nhostbasedacceptedalgorithms y,x\ncheckhostip no')).toMatchObject({
      notUsed: ['IPQoS a', 'frobnicate', 'HostbasedAcceptedAlgorithms y,x'],
    });
  });

  it('reads what keys and signatures must be at least, under the old name too', () => {
    expect(parse('requiredrsasize 3072', 'pubkeyacceptedalgorithms a,b')).toMatchObject({
      requiredRsaSize: 3072,
      algorithms: { publicKeys: ['a', 'b'] },
    });
    expect(parse('pubkeyacceptedkeytypes a')).toMatchObject({ algorithms: { publicKeys: ['a'] } });
  });

  it.each([
    ['nothing', ''],
    ['a usage message', 'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy]\n'],
    ['no port', 'user ada\nhostname h\n'],
    ['a port that is none', 'user ada\nhostname h\nport many\n'],
    ['a port that is too high', 'user ada\nhostname h\nport 65536\n'],
  ])('does not take %s for an answer', (_name, text) => {
    expect(parseSshOptions(text, 'x', newer!, machine)).toBeNull();
  });
});
