import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { opencodeVersion } from './home.ts';
import { installPackage } from './npm-install.ts';

/**
 * The path of the pinned opencode's native binary, installed by npm into the cache folder when it is not there yet (180 MB).
 * @throws FleetError when npm cannot install it
 */
export function installOpencode(cache: string, tell: (line: string) => void): Promise<string> {
  return installPackage(join(cache, 'install'), `opencode-ai@${opencodeVersion}`, findBinary, tell);
}

/** The file that the package's postinstall put in place, else (scripts switched off) the platform package's own. */
async function findBinary(folder: string): Promise<string | undefined> {
  const modules = join(folder, 'node_modules');
  const linked = join(modules, '.bin/opencode');
  if (existsSync(linked) && existsSync(join(modules, 'opencode-ai/bin/opencode.exe'))) return linked;
  const names = await readdir(modules).catch(() => []);
  return names
    .filter((name) => name.startsWith('opencode-linux'))
    .map((name) => join(modules, name, 'bin/opencode'))
    .find((path) => existsSync(path));
}
