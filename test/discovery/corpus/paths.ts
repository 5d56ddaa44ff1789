import { hostname, userInfo } from 'node:os';
import { PASSWD_HOME as H, type Snippet } from './snippet.ts';

const { username, uid } = userInfo();
const local = hostname();

/** Paths: what ssh expands, and when. */
export const paths: readonly Snippet[] = [
  {
    name: 'IdentityFile accumulates',
    config: 'Host a\n IdentityFile /k1\n IdentityFile ~/k2\nHost *\n IdentityFile /k3\n IdentityFile /k1\n',
    aliases: ['a'],
    options: { a: { identityFiles: ['/k1', `${H}/k2`, '/k3'] } },
  },
  {
    name: 'IdentityFile with every token',
    config:
      'Host a\n HostName h.example\n Port 3\n User u\n HostKeyAlias k\n IdentityFile /x/%%-%d-%h-%i-%k-%L-%l-%n-%p-%r-%u\n',
    aliases: ['a'],
    options: {
      a: { identityFiles: [`/x/%-${H}-h.example-${uid}-k-${local.split('.')[0]}-${local}-a-3-u-${username}`] },
    },
  },
  {
    name: 'IdentityFile by hash',
    config: 'Host a b\n User u\n IdentityFile /x/%C\n IdentityFile ~/%C.%k\n',
    aliases: ['a', 'b'],
  },
  {
    name: 'IdentityFile by variable',
    config: `Host a\n IdentityFile \${OCR_CORPUS}/k\n IdentityFile /\${OCR_CORPUS}%h\n`,
    aliases: ['a'],
    options: { a: { identityFiles: ['/var/corpus %n/k', '//var/corpus %na'] } },
  },
  {
    name: 'IdentityFile with blanks',
    config: 'Host a\n IdentityFile "~/my keys/k"\n IdentityFile /b\\ c\n',
    aliases: ['a'],
    options: { a: { identityFiles: [`${H}/my keys/k`, '/b c'] } },
  },
  {
    name: 'IdentityFile of another user, and relative',
    config: 'Host a\n IdentityFile ~root/k\n IdentityFile keys/k\n',
    aliases: ['a'],
  },
  {
    name: 'IdentityFile none',
    config: 'Host a\n IdentityFile none\n IdentitiesOnly yes\n',
    aliases: ['a'],
    options: { a: { identityFiles: [], identitiesOnly: true } },
  },
  { name: 'IdentityFile by default', config: 'Host a\n', aliases: ['a'] },
  {
    name: 'IdentityFile that ends like a certificate',
    config: 'Host a\n IdentityFile /k-cert\n IdentityFile /k\n',
    aliases: ['a'],
    options: { a: { identityFiles: ['/k-cert', '/k'] } },
  },
  {
    name: 'CertificateFile',
    config: 'Host a\n CertificateFile ~/c-%h\n CertificateFile "/c d"\n IdentityFile /k\n',
    aliases: ['a'],
    options: {
      a: { certificateFiles: [`${H}/c-a`, '/c d'], opensshOnly: ['CertificateFile ~/c-%h', 'CertificateFile /c d'] },
    },
  },
  {
    name: 'CertificateFile none',
    config: 'Host a\n CertificateFile none\n',
    aliases: ['a'],
    options: { a: { certificateFiles: [], opensshOnly: [] } },
  },
  {
    name: 'UserKnownHostsFile, a list',
    config: `Host a\n UserKnownHostsFile ~/k1 /k2 %d/%k \${OCR_CORPUS}/k\n`,
    aliases: ['a'],
    options: { a: { userKnownHostsFiles: [`${H}/k1`, '/k2', `${H}/a`, '/var/corpus %n/k'] } },
  },
  {
    name: 'UserKnownHostsFile with blanks',
    config: 'Host a\n UserKnownHostsFile "/my hosts/one two" \'~/x  y\' /z\n',
    aliases: ['a'],
    options: { a: { userKnownHostsFiles: ['/my hosts/one two', `${H}/x  y`, '/z'] } },
  },
  {
    name: 'UserKnownHostsFile with a percent sign',
    config: 'Host a\n UserKnownHostsFile /x/100%%h\n',
    aliases: ['a'],
    options: { a: { userKnownHostsFiles: ['/x/100%h'] } },
  },
  {
    name: 'UserKnownHostsFile none',
    config: 'Host a\n UserKnownHostsFile none\n GlobalKnownHostsFile none\n',
    aliases: ['a'],
    options: { a: { userKnownHostsFiles: [], globalKnownHostsFiles: [], notUsed: [] } },
  },
  {
    name: 'UserKnownHostsFile /dev/null',
    config: 'Host a\n UserKnownHostsFile /dev/null\n StrictHostKeyChecking no\n',
    aliases: ['a'],
    options: { a: { userKnownHostsFiles: ['/dev/null'], hostKeyPolicy: 'no', notUsed: [] } },
  },
  {
    name: 'GlobalKnownHostsFile, a list',
    config: 'Host a\n GlobalKnownHostsFile /g1 /g2\n',
    aliases: ['a'],
    options: { a: { globalKnownHostsFiles: ['/g1', '/g2'] } },
  },
  {
    name: 'IdentityAgent',
    config:
      'Host a\n IdentityAgent ~/agent-%r.sock\n User u\nHost b\n IdentityAgent none\nHost c\n IdentityAgent SSH_AUTH_SOCK\nHost d\n IdentityAgent "/a b"\nHost e\n',
    aliases: ['a', 'b', 'c', 'd', 'e'],
    options: {
      a: { identityAgent: `${H}/agent-u.sock` },
      b: { identityAgent: null },
      c: { identityAgent: undefined },
      d: { identityAgent: '/a b' },
      e: { identityAgent: undefined },
    },
  },
  {
    name: 'IdentityAgent of a Mac',
    config: [
      'Host a\n IdentityAgent "~/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock"\n',
      'Host b\n IdentityAgent ~/Library/Containers/com.maxgoedjen.Secretive.SecretAgent/Data/socket.ssh\n',
      'Host c\n IdentityAgent $SSH_AUTH_SOCK\nHost d\n IdentityAgent "%d/Library/a b"\n',
    ].join(''),
    aliases: ['a', 'b', 'c', 'd'],
    options: {
      a: { identityAgent: `${H}/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock` },
      b: { identityAgent: `${H}/Library/Containers/com.maxgoedjen.Secretive.SecretAgent/Data/socket.ssh` },
      d: { identityAgent: `${H}/Library/a b` },
    },
  },
  {
    name: 'IdentityAgent by variable',
    config: `Host a\n IdentityAgent $OCR_CORPUS\nHost b\n IdentityAgent \${OCR_CORPUS}/s\nHost c\n IdentityAgent $OCR_CORPUS_UNSET\n`,
    aliases: ['a', 'b', 'c'],
    options: {
      a: { identityAgent: '/var/corpus %n' },
      b: { identityAgent: '/var/corpus %n/s' },
      c: { identityAgent: null },
    },
  },
  {
    name: 'ForwardAgent',
    config:
      'Host a\n ForwardAgent yes\nHost b\n ForwardAgent no\nHost c\n ForwardAgent ~/s-%h\nHost d\n ForwardAgent $OCR_CORPUS\nHost e\n ForwardAgent $OCR_CORPUS_UNSET\n',
    aliases: ['a', 'b', 'c', 'd', 'e'],
    options: {
      a: { forwardAgent: true },
      b: { forwardAgent: false },
      c: { forwardAgent: `${H}/s-c` },
      d: { forwardAgent: '/var/corpus %n' },
      e: { forwardAgent: false },
    },
  },
  {
    name: 'ControlPath',
    config:
      'Host a\n HostName h\n User u\n Port 3\n ControlPath ~/.ssh/%C-%h-%p-%r-%n\nHost b\n ControlPath none\nHost c\n ControlPath "/tmp/a b/%%h"\n',
    aliases: ['a', 'b', 'c'],
    options: { b: { controlPath: null }, c: { controlPath: '/tmp/a b/%h' } },
  },
  {
    name: 'ControlPath by variable',
    config: `Host a\n ControlPath \${OCR_CORPUS}/%l-%L-%i-%u\n ControlMaster auto\n ControlPersist 60\n`,
    aliases: ['a'],
    options: {
      a: {
        controlPath: `/var/corpus %n/${local}-${local.split('.')[0]}-${uid}-${username}`,
        notUsed: ['ControlMaster auto', 'ControlPersist 60'],
      },
    },
  },
];
