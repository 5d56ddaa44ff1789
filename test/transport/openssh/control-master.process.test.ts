import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bootstrapCommands, masterPathOf } from '../../../src/transport/openssh/control-master.ts';
import { hasSsh } from '../../discovery/corpus/ask-ssh.ts';
import { aHost, sshOptions } from '../../support/builders.ts';

const run = promisify(execFile);

const plan = { folder: '/run/ocr', persist: '60', configFile: null };
const path = (name: string) => masterPathOf('/run/ocr', name);
const host = (alias: string, proxyJump: string | null = null) =>
  aHost({ alias, route: { kind: 'ssh', options: sshOptions({ proxyJump }) } });

describe('the commands to log in with ssh itself', () => {
  it('leave a master at the place where it is looked for', () => {
    expect(bootstrapCommands(host('web1'), plan)).toEqual([
      `ssh -o ControlPath=${path('web1')} -o ControlMaster=auto -o ControlPersist=60 -o RemoteCommand=none -o RequestTTY=no -- web1 true`,
    ]);
    expect(bootstrapCommands(host('web1'), { ...plan, configFile: '/a b/config' })[0]).toContain("-F '/a b/config'");
  });

  it('tell ssh what its configuration lacks', () => {
    const given = ['HostName=10.0.0.1', 'IdentityFile="/a b"'];
    const route = { kind: 'ssh', options: sshOptions({ given }) } as const;
    const [command] = bootstrapCommands(aHost({ alias: 'web1', route }), plan);
    expect(command).toMatch(/ -o HostName=10\.0\.0\.1 -o 'IdentityFile="\/a b"' -- web1 true$/);
  });

  it('go along the hops in their order, each through the one before', () => {
    const commands = bootstrapCommands(host('web1', 'bastion,me@inner:2200'), plan);
    const [bastion, inner] = [path('bastion'), path('me@inner:2200 via bastion')];
    expect(commands).toHaveLength(3);
    expect(commands[0]).toMatch(/-- bastion true$/);
    expect(commands[1]).toContain(`'ProxyCommand=ssh -o ControlPath=${bastion} -W '`);
    expect(commands[1]).toMatch(/-l me -p 2200 -- inner true$/);
    expect(commands[2]).toContain(`ssh -o ControlPath=${inner} -l me -p 2200 -W`);
    expect(commands[2]).toMatch(/-- web1 true$/);
  });

  it.each([
    ['no', '60'],
    ['0', '60'],
    ['0s', '60'],
    ['10m', '10m'],
    ['yes', 'yes'],
  ])('leave a master that lasts long enough to be used, and not for ever unasked: %s', (persist, expected) => {
    expect(bootstrapCommands(host('web1'), { ...plan, persist })[0]).toContain(` -o ControlPersist=${expected} `);
  });

  it('protect percent signs from being tokens, once for each ssh that reads them', () => {
    const [, target] = bootstrapCommands(host('web1', 'm%e@in%h'), { ...plan, folder: '/r%n' });
    expect(target).toContain(`ControlPath=/r%%n/`.replace('ControlPath', "'ControlPath"));
    const [inner] = /ProxyCommand=.* -W /.exec(target ?? '') ?? [];
    expect(inner).toContain('ControlPath=/r%%%%n/');
    expect(inner).toContain('m%%e');
    expect(target).toContain('[%h]:%p');
    expect(target).toMatch(/-- \S*in%%h/);
  });

  it.skipIf(!hasSsh)('name a folder as ssh reads it (skipped without the program ssh)', async () => {
    const folder = `/r/a "b" \\c'd %n`;
    const [command = ''] = bootstrapCommands(host('web1'), { ...plan, folder });
    const { stdout } = await run('sh', ['-c', command.replace(/^ssh /, 'ssh -F none -G ')]);
    expect(/^controlpath (.*)$/m.exec(stdout)?.[1]).toBe(masterPathOf(folder, 'web1'));
    expect(stdout).toMatch(/^requesttty false$/m);
  });

  it('quote what a shell would take for more than a word', () => {
    expect(bootstrapCommands(host("a$(touch x)'b"), plan)[0]).toContain(`-- 'a$(touch x)'\\''b' true`);
  });
});
