import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { expandProxyCommand, openProxyCommand } from '../../src/transport/proxy-command.ts';
import { sshOptions } from '../support/builders.ts';

const options = sshOptions({ hostname: 'web1.example.org', port: 2222, user: 'ada' });

describe('a ProxyCommand', () => {
  it('has its tokens replaced', () => {
    expect(expandProxyCommand('nc -x p %h %p # %r %n %%h', 'web1', options)).toBe(
      'nc -x p web1.example.org 2222 # ada web1 %h',
    );
  });

  it.each(['$(touch x)', 'a b', "a'b", 'a`b`', '-oProxyCommand=x', 'a;b', 'a\nb'])('runs no name: %j', (hostname) => {
    expect(() => expandProxyCommand('nc %h', 'web1', { ...options, hostname })).toThrow('is not put into');
    expect(() => expandProxyCommand('nc %r', 'web1', { ...options, user: hostname })).toThrow('is not put into');
    expect(expandProxyCommand('nc fixed', 'web1', { ...options, hostname })).toBe('nc fixed');
  });

  it('is refused with a token that ssh does not know', () => {
    expect(() => expandProxyCommand('nc %q', 'web1', options)).toThrow('unknown token %q');
  });

  const open = (command: string) => openProxyCommand(command, { SHELL: '/bin/sh', PATH: process.env.PATH });

  it('carries what is written to it and read from it', async () => {
    const stream = open('cat');
    stream.write('hello');
    const [chunk] = await once(stream, 'data');
    expect(String(chunk)).toBe('hello');
    stream.destroy();
  });

  it('says how it ended, in its own words', async () => {
    const stream = open('/bin/sh -c "echo no way there >&2; exit 3"');
    const [error] = await once(stream, 'error');
    expect(String(error)).toContain('ProxyCommand ended (exit status 3): no way there');
  });

  it('takes along what it started when it is closed', async () => {
    const stream = open("/bin/sh -c 'sleep 100 & echo $!; wait'");
    const [chunk] = await once(stream, 'data');
    const pid = Number(String(chunk));
    stream.destroy();
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

/** A zombie has ended: collecting it is not our job. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}
