import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFace } from '../../src/commands/mcp-face.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ReadOnlyError } from '../../src/fleet/read-only.ts';
import { aSetup } from '../support/a-setup.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const INSTANCES = 'instances: {dev: {url: "http://127.0.0.1:9"}, web: {url: "http://127.0.0.1:8"}}';

async function open(options: { allowWrite?: boolean; on?: readonly string[]; yaml?: string }) {
  const home = await makeTempDir();
  const sshConfigFile = join(home, 'config');
  await writeFile(sshConfigFile, '');
  const { config } = parseConfig(`${options.yaml ?? INSTANCES}\nhosts: {local: false}\n`, 'test.yaml');
  const setup = aSetup(config, { sshConfigFile, sshConfigGiven: true, home, routeCacheFile: null });
  const warnings: string[] = [];
  const { allowWrite = false, on = [] } = options;
  const { face, close } = await openFace(setup, { allowWrite, on }, '0', (text) => void warnings.push(text));
  onTestFinished(close);
  const { signal } = new AbortController();
  const desk = await face.openDesk({
    ...{ signal, isCached: true, wantsVersions: false, mayStartServers: true },
    progress: () => {},
    warn: () => {},
  });
  const write = async () => (await desk.context()).transport('dev', 'write', signal);
  return { face, desk, warnings, write };
}

describe('what ocr mcp stands on', () => {
  it('refuses writers, whatever a tool asks for', async () => {
    const { face, write } = await open({});
    expect(face.mayWrite).toBe(false);
    await expect(write()).rejects.toThrow(ReadOnlyError);
  });

  it('lets writers through with --allow-write', async () => {
    const { face, write } = await open({ allowWrite: true });
    expect(face.mayWrite).toBe(true);
    await expect(write()).rejects.toThrow('it has no shell');
  });

  it('stays read-only if the configuration is', async () => {
    const { face, warnings, write } = await open({ allowWrite: true, yaml: `${INSTANCES}\nreadonly: true` });
    expect(face.mayWrite).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('--allow-write has no effect')]);
    await expect(write()).rejects.toThrow(ReadOnlyError);
  });

  it('holds the named targets alone, by name or by URL', async () => {
    const aliases = async (on: readonly string[]) => [...(await open({ on })).face.fleet.getState().entries.keys()];
    expect(await aliases([])).toEqual(['dev', 'web']);
    expect(await aliases(['web'])).toEqual(['web']);
    expect(await aliases(['http://127.0.0.1:8/'])).toEqual(['web']);
    expect(await aliases(['http://127.0.0.1:7'])).toEqual(['http://127.0.0.1:7']);
    await expect(aliases(['nowhere'])).rejects.toThrow('there is no host "nowhere"');
  });
});
