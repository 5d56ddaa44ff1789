import type { Instance } from '../config/instance-schema.ts';
import type { Config } from '../config/schema.ts';
import type { Discovery } from '../discovery/discover.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { hostsDiscovered } from '../fleet/fleet-transitions.ts';
import { messageOf } from '../lib/errors.ts';
import type { Notices } from '../lib/notices.ts';
import type { ConfigSource } from './config-source.ts';

export interface RediscoveryParts {
  readonly config: ConfigSource;
  readonly discovery: Pick<Discovery, 'again'>;
  readonly fleet: FleetStore;
  readonly notices: Notices;
  /** Called for each host that is new, after it is listed. */
  onFound(alias: string): void;
  /** Called for each host that is no longer listed. */
  onGone(alias: string): void;
  /** Called for each instance that has another URL or other credentials than before. */
  onChanged(alias: string, before: Instance): void;
}

/** Keeps the list of hosts as the configuration and its commands say. */
export class Rediscovery {
  readonly #parts: RediscoveryParts;
  readonly #stop = new AbortController();
  #listedBy: string;
  #instances: Config['instances'];

  constructor(parts: RediscoveryParts) {
    this.#parts = parts;
    const { instances } = parts.config.current();
    this.#instances = instances;
    this.#listedBy = describeListing(parts.config.current());
    parts.config.subscribe((changed) => {
      if (describeListing(changed) !== this.#listedBy) void this.#list();
    });
  }

  /** Runs the commands of `discovery.commands`, if there are any, and lists what they found. Never rejects. */
  async run(): Promise<void> {
    if (this.#parts.config.current().discovery.commands.length > 0) await this.#list();
  }

  /** Lists the hosts of the commands and of the ssh config as they are now: the user has asked for it. Never rejects. */
  runAll(): Promise<void> {
    return this.#list();
  }

  close(): void {
    this.#stop.abort();
  }

  async #list(): Promise<void> {
    const { config, discovery, fleet, notices, onFound, onGone, onChanged } = this.#parts;
    const current = config.current();
    this.#listedBy = describeListing(current);
    const known = (alias: string) => fleet.getState().entries.get(alias)?.host;
    const found = await discovery.again(current, known, this.#stop.signal).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) notices.add('discovery', `the hosts cannot be listed again: ${messageOf(error)}`);
      return null;
    });
    // A later configuration lists the hosts itself.
    const isOutdated = describeListing(config.current()) !== describeListing(current);
    if (found === null || this.#stop.signal.aborted || isOutdated) return;
    for (const warning of found.warnings) notices.add(warning, warning);
    const before = fleet.getState().entries;
    fleet.setState(hostsDiscovered(found.hosts));
    const after = fleet.getState().entries;
    for (const alias of before.keys()) if (!after.has(alias)) onGone(alias);
    for (const alias of after.keys()) if (!before.has(alias)) onFound(alias);
    const instances = this.#instances;
    this.#instances = current.instances;
    for (const [alias, instance] of Object.entries(instances)) {
      const isChanged = JSON.stringify(instance) !== JSON.stringify(current.instances[alias]);
      if (isChanged && before.has(alias) && after.has(alias)) onChanged(alias, instance);
    }
  }
}

/** Describes the settings that decide which hosts are listed, to compare. */
function describeListing({ hosts, discovery, instances }: Config): string {
  return JSON.stringify([hosts, discovery.commands, instances]);
}
