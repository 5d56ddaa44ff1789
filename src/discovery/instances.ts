import type { Config } from '../config/schema.ts';
import { DEFAULT_PRIORITY, type Host } from '../domain/host.ts';

/** Returns a host for each instance of the configuration, in its order. Overrides and groups by pattern are not applied. */
export function hostsOfInstances(instances: Config['instances']): Host[] {
  return Object.entries(instances).map(([name, { url, directory, projects_path: projectsPath, label, group }]) => ({
    alias: name,
    label: label ?? name,
    group: group ?? null,
    priority: DEFAULT_PRIORITY,
    route: { kind: 'url', url, directory, projectsPath },
    opencodePath: null,
  }));
}
