import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';

it('a host whose override names no timeout has that of the polling', () => {
  const { hosts } = parseConfig('hosts: {overrides: {a: {label: A}, b: {timeout: 20s}}}', 'x').config;
  expect([hosts.overrides.a?.timeout, hosts.overrides.b?.timeout]).toEqual([undefined, 20_000]);
});
