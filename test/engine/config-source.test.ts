import { expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/schema.ts';
import { ChangeableConfig } from '../../src/engine/config-source.ts';

it('gives the latest configuration, and tells each listener of a change', () => {
  const source = new ChangeableConfig(defaultConfig);
  const heard: boolean[] = [];
  const stop = source.subscribe(({ readonly }) => void heard.push(readonly));
  expect(source.current()).toBe(defaultConfig);
  const changed = { ...defaultConfig, readonly: true };
  source.replace(changed);
  expect(source.current()).toBe(changed);
  expect(heard).toEqual([true]);
  stop();
  source.replace(defaultConfig);
  expect(heard).toEqual([true]);
});
