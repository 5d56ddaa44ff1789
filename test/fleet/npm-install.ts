import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { withLock } from './cache.ts';
import { FleetError } from './errors.ts';

const run = promisify(execFile);

/**
 * Returns the path of a file that a package brings. Installs the package into the folder first if the file is missing; one process at a time.
 * @param find looks for the file in the folder
 * @throws FleetError when npm cannot install it, or the file is still missing
 */
export async function installPackage(
  folder: string,
  specifier: string,
  find: (folder: string) => Promise<string | undefined>,
  tell: (line: string) => void,
): Promise<string> {
  return (
    (await find(folder)) ??
    (await withLock(`${folder}.lock`, async () => {
      const present = await find(folder);
      if (present !== undefined) return present;
      tell(`Installing ${specifier} into ${folder} (once)`);
      await install(folder, specifier);
      const found = await find(folder);
      if (found === undefined)
        throw new FleetError(`npm installed ${specifier} without a program for this machine: ${folder}`);
      return found;
    }))
  );
}

async function install(folder: string, specifier: string): Promise<void> {
  const staging = `${folder}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const parameters = ['install', '--prefix', staging, '--no-fund', '--no-audit', specifier];
    await run('npm', parameters, { cwd: staging, env: npmEnvironment() });
  } catch (cause) {
    throw new FleetError(`npm could not install ${specifier}`, { cause });
  }
  await rm(folder, { recursive: true, force: true });
  await rename(staging, folder);
}

/** Returns the environment without the settings that `npm run` exports: they would bend an installation towards the project. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const ownToProject = /^(npm_(package|lifecycle|command|config_(local_|global_)?prefix)|INIT_CWD)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ownToProject.test(name)));
}
