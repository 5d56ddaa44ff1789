import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { PATIENCE, runLimits } from '../contract-support.ts';
import { commandsWith, createOpensshFixture } from './openssh-fixture.ts';

const run = promisify(execFile);

const plans = { web: {}, silent: {}, narrow: { sshd: ['MaxSessions 1'] } } as const;

let lab: Lab<keyof typeof plans>;
beforeAll(async () => {
  lab = await startLab(plans);
});
afterAll(() => lab?.close());
const { open, folder } = createOpensshFixture(() => lab.sshConfig);

describe('a master', () => {
  it('is one connection for all, which ends with the transport', async () => {
    const transport = await open('web');
    const shell = await transport.shell(new AbortController().signal);
    await Promise.all([1, 2, 3].map(() => transport.exec('sleep 0.2', runLimits())));
    expect(lab.host('web').connections()).toBe(1);
    transport.close();
    await expect(shell.run('true', runLimits())).rejects.toMatchObject({ kind: 'closed' });
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
  });

  it('that is gone is not made up for by a connection of a client', async () => {
    const transport = await open('web');
    const [master] = await commandsWith(`ControlPath="${folder()}`);
    process.kill(Number.parseInt(master ?? '', 10), 'SIGKILL');
    // In the same turn, so before this program can know.
    const attempt = transport.exec('echo in', runLimits());
    await expect(attempt).rejects.toMatchObject({ kind: 'closed' });
    await vi.waitFor(() => expect(transport.closed).toBe(true), PATIENCE);
    expect(lab.host('web').connections()).toBe(0);
  });

  it('whose host goes away closes the transport by itself', async () => {
    const transport = await open('silent');
    await lab.host('silent').stop();
    onTestFinished(() => lab.host('silent').start());
    await vi.waitFor(() => expect(transport.closed).toBe(true), PATIENCE);
  });

  it('lasts for as long as it is held, whatever its ControlPersist', async () => {
    const transport = await open('web', { settings: { controlPersist: '1' } });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await transport.exec('exit 3', runLimits())).code).toBe(3);
  });

  it('ends by its ControlPersist when the program was killed', async () => {
    const module = fileURLToPath(new URL('../../../src/transport/openssh/openssh-connect.ts', import.meta.url));
    const script = `
      const { connectOpenssh } = await import(${JSON.stringify(module)});
      await connectOpenssh(
        { alias: 'web', user: null, port: null, options: null, reason: '', existingMaster: null, via: null },
        { signal: new AbortController().signal, timeout: 20000, interaction: null },
        { controlMaster: 'auto', controlPersist: '1', controlPath: null, configFile: ${JSON.stringify(lab.sshConfig)} },
      );
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(lab.host('web').connections()).toBe(1);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
    // Its folder is all that stays.
    for (const name of await readdir(folder())) await rm(join(folder(), name), { recursive: true });
  });

  it('that gives no second session gets an idle shell out of the way', async () => {
    const transport = await open('narrow');
    const { signal } = new AbortController();
    for (const start of [
      () => transport.exec('exit 3', runLimits()),
      async () => (await transport.pty('exit 3', { columns: 80, rows: 24, term: 'dumb' }, signal)).exit,
    ]) {
      const shell = await transport.shell(signal);
      await shell.run('true', runLimits());
      expect((await start()).code).toBe(3);
      expect(shell.closed).toBe(true);
    }
    expect(lab.host('narrow').connections()).toBe(1);
  });

  it('that gives no second session has others wait until the first is done with its work', async () => {
    const transport = await open('narrow');
    const shell = await transport.shell(new AbortController().signal);
    await shell.run('true', runLimits());
    const order: string[] = [];
    const work = shell.run('sleep 1; echo done', runLimits()).then(({ output }) => order.push(output));
    const next = transport.exec('echo next', runLimits()).then(({ stdout }) => order.push(stdout));
    await Promise.all([work, next]);
    expect(order).toEqual(['done\n', 'next\n']);
    expect(transport.closed).toBe(false);
  });

  it('of the user is used and left alone', async () => {
    const path = join(lab.directory, 'own');
    const common = ['-F', lab.sshConfig, '-o', `ControlPath=${path}`];
    await run('ssh', [...common, '-f', '-N', '-o', 'ControlMaster=yes', '-E', '/dev/null', 'web']);
    onTestFinished(async () => void (await run('ssh', [...common, '-O', 'exit', 'web'])));
    const transport = await open('web', { destination: { existingMaster: path } });
    expect((await transport.exec('exit 3', runLimits())).code).toBe(3);
    transport.close();
    await run('ssh', [...common, '-O', 'check', 'web']);
    expect(lab.host('web').connections()).toBe(1);
  });

  it('of the user that no longer answers is an error', async () => {
    const attempt = open('web', { destination: { existingMaster: join(folder(), 'none') } });
    await expect(attempt).rejects.toMatchObject({ kind: 'closed' });
  });

  it('at a path of the settings stays for the next, until its ControlPersist', async () => {
    const settings = { controlPath: join(lab.directory, '%n-%p'), controlPersist: '2' };
    (await open('web', { settings })).close();
    expect(lab.host('web').connections()).toBe(1);
    const second = await open('web', { settings });
    expect(lab.host('web').connections()).toBe(1);
    expect((await second.exec('exit 3', runLimits())).code).toBe(3);
    second.close();
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
  });
});
