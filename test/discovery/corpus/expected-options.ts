import type { SshOptions } from '../../../src/domain/host.ts';

const yes = (text: string | undefined) => text === 'yes' || text === 'true';
const orNull = (text: string | undefined) => (text === undefined || text === 'none' ? null : text);
const list = (text: string | undefined) => text?.split(',') ?? [];
const policies = { true: 'yes', false: 'no', ask: 'ask', 'accept-new': 'accept-new' } as const;

/** Expected SshOptions, as far as they follow from `ssh -G` alone: all but paths, methods and unusual options. */
export function expectedOptions(output: string): Partial<SshOptions> {
  const all = (keyword: string) =>
    output
      .split('\n')
      .filter((line) => line.startsWith(`${keyword} `))
      .map((line) => line.slice(keyword.length + 1));
  const one = (keyword: string) => all(keyword)[0];
  const batch = one('batchmode') === 'yes';
  const policy = policies[one('stricthostkeychecking') as keyof typeof policies];
  return {
    hostname: one('hostname')!,
    port: Number(one('port')),
    user: one('user')!,
    addressFamily: one('addressfamily') as SshOptions['addressFamily'],
    bindAddress: orNull(one('bindaddress')),
    connectTimeout: one('connecttimeout') === 'none' ? null : Number(one('connecttimeout')) * 1000,
    connectionAttempts: Number(one('connectionattempts')),
    serverAliveInterval: Number(one('serveraliveinterval')) * 1000,
    serverAliveCountMax: Number(one('serveralivecountmax')),
    proxyCommand: orNull(one('proxycommand')),
    hostKeyAlias: orNull(one('hostkeyalias')),
    hostKeyPolicy: batch && policy === 'ask' ? 'yes' : policy,
    hashKnownHosts: yes(one('hashknownhosts')),
    identitiesOnly: yes(one('identitiesonly')),
    useKeychain: yes(one('usekeychain')),
    passwordPrompts: Number(one('numberofpasswordprompts')),
    algorithms: {
      ciphers: list(one('ciphers')),
      macs: list(one('macs')),
      kex: list(one('kexalgorithms')),
      hostKeys: list(one('hostkeyalgorithms')),
      publicKeys: list(one('pubkeyacceptedalgorithms')),
    },
    requiredRsaSize: Number(one('requiredrsasize') ?? 1024),
    compression: yes(one('compression')),
    setEnv: Object.fromEntries(all('setenv').map((entry) => entry.split(/=(.*)/s).slice(0, 2))),
    sendEnv: all('sendenv'),
  };
}

/** The known_hosts files as `ssh -G` prints them, on one line; '' for none. */
export function printedFiles(output: string, keyword: string): string {
  const value = new RegExp(`^${keyword} (.*)$`, 'm').exec(output)?.[1] ?? '';
  return value === 'none' ? '' : value;
}
