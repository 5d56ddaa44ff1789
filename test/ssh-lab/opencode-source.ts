import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findCacheDirectory } from '../fleet/cache.ts';
import { formatHomeEnvironment, writeOpencodeConfig } from '../fleet/home.ts';
import { installOpencode } from '../fleet/opencode-install.ts';
import { copySeed, ensureSeeds } from '../fleet/seeds.ts';
import { startServices } from '../fleet/start-services.ts';

/** The seeded home that hosts with opencode get: two sessions with a turn each. */
const SEED = 'homebin';

/** Where hosts get opencode and its sessions from. */
export type OpencodeSource = {
  /** Variables without which opencode would reach for the network. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes a home, which must not be there yet. */
  makeHome(home: string): Promise<void>;
  /** Ends the stub model that opencode talks to. */
  close(): Promise<void>;
};

/** Prepares opencode (some minutes the first time on a machine) and a stub model for it. */
export async function openOpencodeSource(directory: string): Promise<OpencodeSource> {
  const cache = findCacheDirectory();
  const binary = await installOpencode(cache, () => {});
  const services = await startServices({ silent: [], delays: [] }, directory);
  const { stubPort } = services;
  const seeds = await ensureSeeds([SEED], { cache, binary, stubPort, tell: () => {} }).catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  const all = Object.entries(formatHomeEnvironment('', '', directory));
  return {
    environment: Object.fromEntries(all.filter(([name]) => /^(OPENCODE_|LANG$)/.test(name))),
    async makeHome(home) {
      await copySeed(seeds, SEED, home);
      await writeOpencodeConfig(home, stubPort);
      await mkdir(join(home, '.opencode/bin'), { recursive: true });
      await symlink(binary, join(home, '.opencode/bin/opencode'));
    },
    close: () => services.close(),
  };
}
