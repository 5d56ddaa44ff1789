import { expect, it } from 'vitest';
import type { Instance } from '../../src/config/instance-schema.ts';
import { loginOfInstance } from '../../src/engine/instance-login.ts';

const asked: string[] = [];
const commands = {
  passwordOf: async (setting: string, command: string) => {
    asked.push(`${setting}: ${command}`);
    return 'printed';
  },
};
const login = (instance: Instance) => {
  asked.length = 0;
  return loginOfInstance('dev', instance.url, instance, { commands, defaultUser: 'opencode' }, AbortSignal.abort());
};

it.each([
  'https://dev.example.org',
  'http://localhost:4096',
  'http://me.localhost',
  'http://127.8.9.1:4096/oc',
  'http://[::1]:4096',
])('a password is sent to %s', async (url) => {
  expect(await login({ url, password: 's' })).toEqual({ username: 'opencode', password: 's', token: null });
});

it.each([
  'http://dev.example.org',
  'http://192.168.1.2:4096',
  'http://localhost.example.org',
  'http://0.0.0.0',
  'http://[::]',
])('nothing secret is sent to %s, nor does its command run, unless that is allowed', async (url) => {
  await expect(login({ url, password: 's' })).rejects.toThrow('its password is not sent');
  await expect(login({ url, token: 's' })).rejects.toThrow('its token is not sent');
  await expect(login({ url, password_command: 'pass dev' })).rejects.toThrow('its password is not sent');
  expect(asked).toEqual([]);
  expect(await login({ url, username: 'ada' })).toEqual({ username: 'ada', password: null, token: null });
  expect(await login({ url, password: 's', insecure: true })).toMatchObject({ password: 's' });
});

it('a command is asked under the name of its setting, and not if there is a password or a token', async () => {
  const given = { url: 'https://dev', password_command: 'pass dev' };
  expect(await login(given)).toMatchObject({ password: 'printed' });
  expect(asked).toEqual(['instances.dev.password_command: pass dev']);
  expect(await login({ ...given, token: 't' })).toEqual({ username: 'opencode', password: null, token: 't' });
  expect(asked).toEqual([]);
});
