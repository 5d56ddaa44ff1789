import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** The opencode that the whole fleet runs; seeds and facts belong to this version. */
export const opencodeVersion = '1.18.33';

/** Where opencode keeps its sessions, below a home. */
export const databasePath = '.local/share/opencode/opencode.db';

/**
 * The environment of someone logged in on a host. Nothing in it may reach the network: no update, no list of models, no
 * language server downloads.
 * @param bin the host's folder of programs, all that PATH holds
 */
export function formatHomeEnvironment(home: string, bin: string, marker: string): Record<string, string> {
  const { username } = userInfo();
  return {
    HOME: home,
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    PATH: bin,
    USER: username,
    LOGNAME: username,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OCR_FLEET: marker,
  };
}

/** Writes opencode's configuration for the stub model at that port into a home. */
export async function writeOpencodeConfig(home: string, stubPort: number): Promise<void> {
  const folder = join(home, '.config/opencode');
  // opencode installs its plugin package from npm into this folder, 64 MB, unless the lock file says it is there.
  const dependencies = { '@opencode-ai/plugin': opencodeVersion };
  const lock = { name: 'opencode', lockfileVersion: 3, requires: true, packages: { '': { dependencies } } };
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies })),
    writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock)),
    writeFile(join(folder, 'opencode.json'), JSON.stringify(formatOpencodeConfig(stubPort), null, 2)),
  ]);
}

function formatOpencodeConfig(stubPort: number): object {
  const options = { baseURL: `http://127.0.0.1:${stubPort}/v1`, apiKey: 'none', timeout: false };
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    provider: { stub: { npm: '@ai-sdk/openai-compatible', options, models: { echo: {} } } },
    model: 'stub/echo',
    small_model: 'stub/echo',
    permission: { bash: 'ask', edit: 'ask', webfetch: 'ask' },
  };
}

/** A login shell resets PATH in /etc/profile; this gives the host its own back. */
export async function writeProfile(home: string, bin: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, '.profile'), `PATH='${bin}'\nexport PATH\n`);
}
