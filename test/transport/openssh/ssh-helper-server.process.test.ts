import { execFile } from 'node:child_process';
import { Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { OpensshSurroundings } from '../../../src/transport/openssh/openssh-surroundings.ts';
import { HelperServer } from '../../../src/transport/openssh/ssh-helper-server.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const run = promisify(execFile);
const features = { sessionOptions: true, askpassRequire: true, logVerbose: true, marksServerPrompts: true };

it('an error of the socket while it is open ends nothing', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => listen.mockRestore());
  const server = await HelperServer.askpass(join(await makeTempDir(), 'asks'), async () => null);
  onTestFinished(() => server.close());
  const [socket] = listen.mock.contexts as [Server];
  expect(() => socket.emit('error', new Error('EMFILE'))).not.toThrow();
});

it('the helper says for which process it asks, until nothing is answered any more', async () => {
  const asked: unknown[] = [];
  const answer = async (request: unknown) => {
    asked.push(request);
    return 'secret';
  };
  const around = await OpensshSurroundings.create({ features, answer, via: null, onViaError: () => {} });
  onTestFinished(() => around.close());
  const ask = () => run(String(around.env.SSH_ASKPASS), ["a@b's password: "]);
  expect((await ask()).stdout).toBe('secret\n');
  expect(asked).toEqual([{ prompt: "a@b's password: ", hint: null, asker: process.pid }]);
  around.stopAnswering();
  await expect(ask()).rejects.toMatchObject({ code: 1 });
  expect(asked).toHaveLength(1);
});
