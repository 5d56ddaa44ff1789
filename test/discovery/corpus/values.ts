import type { Snippet } from './snippet.ts';

/** Forms of values, and how ssh reads them. */
export const values: readonly Snippet[] = [
  {
    name: 'HostName with tokens',
    config: 'Host a\n HostName %h.example.org\nHost b\n HostName 100%%.example\n',
    aliases: ['a', 'b'],
    options: { a: { hostname: 'a.example.org' } },
  },
  { name: 'HostName in capitals', config: 'Host a\n HostName WEB.Example.ORG\n', aliases: ['a'] },
  {
    name: 'HostName, IPv6',
    config: 'Host a\n HostName ::1\nHost b\n HostName fe80::1%%lo\n',
    aliases: ['a', 'b'],
    options: { a: { hostname: '::1' } },
  },
  {
    name: 'Port and User',
    config: 'Host a\n Port 65535\n User "dom\\user"\nHost b\n User me@corp\n',
    aliases: ['a', 'b'],
    options: { a: { port: 65_535, user: 'dom\\user' }, b: { user: 'me@corp' } },
  },
  { name: 'a port that is none', config: 'Host a\n Port 70000\n', aliases: ['a'], refused: true },
  {
    name: 'AddressFamily and where to come from',
    config:
      'Host a\n AddressFamily inet\nHost b\n AddressFamily inet6\n BindAddress ::1\nHost c\n AddressFamily any\n BindAddress 127.0.0.2\n',
    aliases: ['a', 'b', 'c'],
    options: {
      a: { addressFamily: 'inet' },
      b: { addressFamily: 'inet6', bindAddress: '::1' },
      c: { addressFamily: 'any', bindAddress: '127.0.0.2' },
    },
  },
  {
    name: 'how long and how often',
    config:
      'Host a\n ConnectTimeout 5\n ConnectionAttempts 3\n ServerAliveInterval 15\n ServerAliveCountMax 2\n NumberOfPasswordPrompts 1\nHost b\n ConnectTimeout 1m30s\n',
    aliases: ['a', 'b'],
    options: {
      a: {
        connectTimeout: 5000,
        connectionAttempts: 3,
        serverAliveInterval: 15_000,
        serverAliveCountMax: 2,
        passwordPrompts: 1,
      },
      b: { connectTimeout: 90_000 },
    },
  },
  {
    name: 'ServerAliveInterval in minutes',
    config: 'Host a\n ServerAliveInterval 2m\n ServerAliveCountMax 0\n',
    aliases: ['a'],
    options: { a: { serverAliveInterval: 120_000, serverAliveCountMax: 0 } },
  },
  {
    name: 'ProxyJump before ProxyCommand',
    config: 'Host a\n ProxyJump u@b:22,c\n ProxyCommand nc %h %p\n',
    aliases: ['a'],
    options: { a: { proxyJump: 'u@b:22,c', proxyCommand: null } },
  },
  {
    name: 'ProxyCommand before ProxyJump',
    config: 'Host a\n ProxyCommand nc -x "p q" %h %p # all of it\n ProxyJump b\n',
    aliases: ['a'],
    options: { a: { proxyJump: null, proxyCommand: 'nc -x "p q" %h %p # all of it' } },
  },
  {
    name: 'ProxyJump none',
    config: 'Host a\n ProxyJump none\nHost *\n ProxyJump b\n',
    aliases: ['a'],
    also: ['c'],
    options: { a: { proxyJump: null }, c: { proxyJump: 'b' } },
  },
  {
    name: 'ProxyCommand none',
    config: 'Host a\n ProxyCommand none\nHost *\n ProxyCommand x\n',
    aliases: ['a'],
    options: { a: { proxyCommand: null } },
  },
  {
    name: 'ProxyJump to addresses and by URI',
    config: 'Host a\n ProxyJump 10.0.0.1,[::1]:2222\nHost b\n ProxyJump ssh://u@h:33\n',
    aliases: ['a', 'b'],
    options: { a: { proxyJump: '10.0.0.1,[::1]:2222' }, b: { proxyJump: 'u@h:33' } },
  },
  {
    name: 'ProxyJump to itself',
    config: 'Host *\n ProxyJump a\nHost a\n',
    aliases: ['a'],
    refused: true,
  },
  {
    name: 'ProxyJump with tokens',
    config: 'Host a\n User u\n ProxyJump %r@gate-%h:22\n',
    aliases: ['a'],
    options: { a: { proxyJump: 'u@gate-a:22' } },
  },
  {
    name: 'StrictHostKeyChecking',
    config: ['yes', 'no', 'off', 'ask', 'accept-new']
      .map((value) => `Host ${value}\n StrictHostKeyChecking ${value}\n`)
      .join(''),
    aliases: ['yes', 'no', 'off', 'ask', 'accept-new'],
    options: {
      yes: { hostKeyPolicy: 'yes' },
      no: { hostKeyPolicy: 'no' },
      off: { hostKeyPolicy: 'no' },
      ask: { hostKeyPolicy: 'ask' },
      'accept-new': { hostKeyPolicy: 'accept-new' },
    },
  },
  {
    name: 'host keys',
    config: 'Host a\n HostKeyAlias k\n HashKnownHosts yes\nHost b\n HashKnownHosts no\n',
    aliases: ['a', 'b'],
    options: { a: { hostKeyAlias: 'k', hashKnownHosts: true }, b: { hostKeyAlias: null, hashKnownHosts: false } },
  },
  {
    name: 'PreferredAuthentications',
    config:
      'Host a\n PreferredAuthentications password,nonsense,publickey\nHost b\n PreferredAuthentications publickey\n PubkeyAuthentication no\n',
    aliases: ['a', 'b'],
    options: { a: { authenticationMethods: ['password', 'publickey'] }, b: { authenticationMethods: [] } },
  },
  {
    name: 'authentication methods switched on and off',
    config:
      'Host a\n GSSAPIAuthentication yes\n HostbasedAuthentication yes\n PasswordAuthentication no\n KbdInteractiveAuthentication no\n PubkeyAuthentication host-bound\nHost b\n ChallengeResponseAuthentication no\n PubkeyAuthentication unbound\n',
    aliases: ['a', 'b'],
    options: {
      a: { authenticationMethods: ['gssapi-with-mic', 'hostbased', 'publickey'], opensshOnly: [], notUsed: [] },
      b: { authenticationMethods: ['publickey', 'password'] },
    },
  },
  {
    name: 'BatchMode asks nobody',
    config: 'Host a\n BatchMode yes\nHost b\n BatchMode yes\n StrictHostKeyChecking accept-new\n',
    aliases: ['a', 'b'],
    options: { a: { authenticationMethods: ['publickey'], hostKeyPolicy: 'yes' }, b: { hostKeyPolicy: 'accept-new' } },
  },
  {
    name: 'SetEnv',
    config: `Host a\n SetEnv A="b c" 'D=e "f"' G=h\\ i J=\n SetEnv K=l\nHost b\n SetEnv X=y=z\n`,
    aliases: ['a', 'b'],
    options: { a: { setEnv: { A: 'b c', D: 'e "f"', G: 'h i', J: '' } }, b: { setEnv: { X: 'y=z' } } },
  },
  {
    name: 'SendEnv accumulates',
    config: 'Host a\n SendEnv LANG LC_*\n SendEnv X?\nHost b\n SendEnv -LC_*\nHost *\n SendEnv A LC_B\n',
    aliases: ['a', 'b'],
    options: { a: { sendEnv: ['LANG', 'LC_*', 'X?', 'A', 'LC_B'] } },
  },
  {
    name: 'algorithms in full',
    config:
      'Host a\n Ciphers aes256-ctr,aes128-ctr\n MACs hmac-sha2-256\n KexAlgorithms curve25519-sha256\n HostKeyAlgorithms ssh-ed25519,rsa-sha2-512\n PubkeyAcceptedAlgorithms ssh-ed25519\n RequiredRSASize 3072\n',
    aliases: ['a'],
    options: {
      a: {
        requiredRsaSize: 3072,
        algorithms: {
          ciphers: ['aes256-ctr', 'aes128-ctr'],
          macs: ['hmac-sha2-256'],
          kex: ['curve25519-sha256'],
          hostKeys: ['ssh-ed25519', 'rsa-sha2-512'],
          publicKeys: ['ssh-ed25519'],
        },
      },
    },
  },
  {
    name: 'algorithms added',
    config:
      'Host a\n Ciphers +aes256-cbc\n MACs +hmac-md5\n KexAlgorithms +diffie-hellman-group1-sha1\n HostKeyAlgorithms +ssh-rsa\n PubkeyAcceptedAlgorithms +ssh-rsa\n',
    aliases: ['a'],
  },
  {
    name: 'algorithms taken away',
    config: 'Host a\n Ciphers -aes*\n MACs -umac*,*sha1*\n KexAlgorithms -sntrup*\n HostKeyAlgorithms -*cert*\n',
    aliases: ['a'],
  },
  {
    name: 'algorithms put first',
    config: 'Host a\n Ciphers ^aes256-gcm@openssh.com\n HostKeyAlgorithms ^rsa-sha2-256\n',
    aliases: ['a'],
  },
  { name: 'Compression', config: 'Host a\n Compression yes\n', aliases: ['a'], options: { a: { compression: true } } },
  {
    name: 'what only OpenSSH can do',
    config:
      'Host a\n PKCS11Provider /p.so\n KnownHostsCommand /bin/x %H\n VerifyHostKeyDNS yes\n CheckHostIP yes\n RevokedHostKeys /r\n BindInterface lo\n ProxyUseFdpass yes\n NoHostAuthenticationForLocalhost yes\n SecurityKeyProvider /s.so\n GSSAPIKeyExchange yes\nHost b\n VerifyHostKeyDNS ask\n',
    aliases: ['a', 'b'],
    options: { b: { opensshOnly: ['VerifyHostKeyDNS ask'] } },
  },
  {
    name: 'what only OpenSSH can do, switched off',
    config:
      'Host a\n PKCS11Provider none\n KnownHostsCommand none\n VerifyHostKeyDNS no\n CheckHostIP no\n RevokedHostKeys none\n ProxyUseFdpass no\n',
    aliases: ['a'],
    options: { a: { opensshOnly: [] } },
  },
  {
    name: 'forwards',
    config:
      'Host a\n LocalForward 8080 localhost:80\n LocalForward [::1]:8080 h:1\n RemoteForward 90 localhost:9\n DynamicForward 1080\n ForwardX11 yes\nHost b\n ClearAllForwardings yes\n LocalForward 1 b:2\n',
    aliases: ['a', 'b'],
    options: {
      a: {
        notUsed: [
          'ForwardX11 yes',
          'DynamicForward 1080',
          'LocalForward 8080 [localhost]:80',
          'LocalForward [::1]:8080 [h]:1',
          'RemoteForward 90 [localhost]:9',
        ],
      },
      b: { notUsed: [] },
    },
  },
  {
    name: 'what is not used',
    config:
      'Host a\n RemoteCommand top -b\n RequestTTY force\n PermitLocalCommand yes\n LocalCommand echo hi\n TCPKeepAlive no\n VisualHostKey yes\n AddKeysToAgent yes\n IPQoS none\n LogLevel ERROR\n UpdateHostKeys no\n EscapeChar none\n',
    aliases: ['a'],
  },
];
