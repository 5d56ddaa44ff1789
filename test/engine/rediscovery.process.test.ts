import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { aSetup } from '../support/a-setup.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** An engine whose hosts come from an ssh config with one alias, and from a file that a command prints. No host answers: there is no such address. */
async function open() {
  const folder = await makeTempDir();
  const sshConfigFile = join(folder, 'config');
  const list = join(folder, 'list.json');
  await writeFile(sshConfigFile, 'Host own\nHost *\n  HostName 0.0.0.0\n  Port 1\n');
  const configOf = (hosts: string) =>
    parseConfig(`hosts: ${hosts}\ndiscovery: {commands: [{command: [cat, "${list}"]}]}\n`, 'test.yaml').config;
  const config = configOf('{local: false}');
  const setup = aSetup(config, { sshConfigFile, sshConfigGiven: true, home: folder, routeCacheFile: null });
  const opened = await openFleet(setup, 1);
  const engine = new Engine(opened, setup);
  onTestFinished(() => engine.close());
  const aliases = () => [...opened.fleet.getState().entries.keys()];
  const notices: string[] = [];
  setup.notices.listen((text) => notices.push(text));
  return { engine, list, aliases, notices, configOf };
}

it('a verb that asks once asks the hosts of the commands too', async () => {
  const { engine, list, aliases } = await open();
  await writeFile(list, '["web1"]');
  expect(aliases()).toEqual(['own']);
  await engine.askOnce(false);
  expect(aliases()).toEqual(['own', 'web1']);
  expect(engine.fleet.getState().entries.get('web1')?.failure).not.toBeNull();
});

it('a refresh runs the commands again: new hosts are asked, and others leave', async () => {
  const { engine, list, aliases } = await open();
  await writeFile(list, '["web1"]');
  engine.start();
  await vi.waitFor(() => expect(aliases()).toEqual(['own', 'web1']));
  await writeFile(list, '["web2"]');
  engine.refreshAll();
  await vi.waitFor(() => expect(engine.fleet.getState().entries.get('web2')?.failure).toBeTruthy());
  expect(aliases()).toEqual(['own', 'web2']);
});

it('a command that fails is a notice, and its hosts stay', async () => {
  const { engine, list, aliases, notices } = await open();
  await writeFile(list, '["web1"]');
  await engine.askOnce(false);
  await writeFile(list, 'oops');
  engine.refreshAll();
  await vi.waitFor(() => expect(notices).toEqual([expect.stringContaining('printed "oops" instead of a JSON array')]));
  expect(aliases()).toEqual(['own', 'web1']);
});

it('another configuration of hosts counts at once', async () => {
  const { engine, list, aliases, configOf } = await open();
  await writeFile(list, '["web1"]');
  await engine.askOnce(false);
  engine.config.replace(configOf('{local: false, ignore: [own]}'));
  await vi.waitFor(() => expect(aliases()).toEqual(['web1']));
});
