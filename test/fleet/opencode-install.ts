import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './cache.ts';
import { FleetError } from './errors.ts';
import { opencodeVersion } from './home.ts';

const run = promisify(execFile);

/**
 * The path of the pinned opencode's native binary, installed by npm into the cache folder when it is not there yet (180 MB).
 * @throws FleetError when npm cannot install it
 */
export async function installOpencode(cache: string, tell: (line: string) => void): Promise<string> {
  const final = join(cache, 'install');
  return (await findBinary(final)) ?? (await withLock(join(cache, 'install.lock'), () => install(final, tell)));
}

async function install(final: string, tell: (line: string) => void): Promise<string> {
  const present = await findBinary(final);
  if (present !== undefined) return present;
  tell(`Installing opencode ${opencodeVersion} into ${dirname(final)} (once)`);
  const staging = `${final}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const parameters = ['install', '--prefix', staging, '--no-fund', '--no-audit', `opencode-ai@${opencodeVersion}`];
    await run('npm', parameters, { cwd: staging, env: npmEnvironment() });
  } catch (cause) {
    throw new FleetError(`npm could not install opencode-ai@${opencodeVersion}`, { cause });
  }
  await rm(final, { recursive: true, force: true });
  await rename(staging, final);
  const binary = await findBinary(final);
  if (binary === undefined)
    throw new FleetError(`npm installed opencode-ai, but without a binary for this machine: ${final}`);
  return binary;
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

/** `npm run` exports the project's own settings, which would bend the installation towards the project. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const ownToProject = /^(npm_(package|lifecycle|command|config_(local_|global_)?prefix)|INIT_CWD)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ownToProject.test(name)));
}
