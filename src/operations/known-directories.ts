import type { HostEntry } from '../domain/fleet.ts';

/** Returns the directories of an instance's configuration, and those and the projects of a host's sessions, most recently used first. */
export function knownDirectories({ host: { route }, snapshot }: Pick<HostEntry, 'host' | 'snapshot'>): string[] {
  const configured = route.kind === 'url' ? [route.directory, route.projectsPath] : [];
  const used = [...(snapshot?.sessions ?? [])].sort((a, b) => b.updated - a.updated);
  const paths = [...configured, ...used.flatMap(({ project, directory }) => [project, directory])];
  return [...new Set(paths)].filter((path) => path !== undefined);
}
