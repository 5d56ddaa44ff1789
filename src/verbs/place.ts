import { posix, resolve } from 'node:path';
import type { HostEntry } from '../domain/fleet.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import type { Desk } from './desk.ts';
import { EXIT, VerbError } from './exit-status.ts';

/**
 * Returns the whole path of a folder on a host. A relative one starts at the target's `projects_path`, on this machine at the working directory; `~` is the
 * home there; none is the instance's own, the working directory here, or where a server reached by URL was started. Rejects with a VerbError if there is
 * no such folder.
 */
export async function resolveFolder(
  desk: Desk,
  { host }: HostEntry,
  client: Pick<ServerClient, 'places' | 'hasDirectory'>,
  given: string | null,
): Promise<string> {
  const instance = desk.config.instances[host.alias];
  const typed = given ?? instance?.directory ?? null;
  const isLocal = host.route.kind === 'local';
  const folder = await wholePath();
  if (await client.hasDirectory(folder, desk.signal)) return folder;
  throw new VerbError(EXIT.notFound, `there is no folder ${folder} on ${host.alias}`, {
    hint: 'Create it there first, or name another with --directory.',
  });

  async function wholePath(): Promise<string> {
    if (typed === null) {
      if (isLocal) return desk.workingDirectory;
      if (host.route.kind === 'url') return (await client.places(desk.signal)).directory;
      throw new VerbError(EXIT.usage, `--directory is needed on ${host.alias}`);
    }
    if (typed === '~' || typed.startsWith('~/')) {
      return posix.join((await client.places(desk.signal)).home, typed.slice(1));
    }
    if (typed.startsWith('/')) return posix.normalize(typed);
    if (instance?.projects_path !== undefined) return posix.join(instance.projects_path, typed);
    if (isLocal) return resolve(desk.workingDirectory, typed);
    throw new VerbError(EXIT.usage, `${host.alias} has no projects_path, so --directory must be a whole path`);
  }
}
