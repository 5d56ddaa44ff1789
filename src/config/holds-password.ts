import type { Config } from './schema.ts';

/** True if a configuration contains a password, so that its file must not be open to others, nor be copied into a cache. */
export function holdsPassword({ hosts, instances }: Pick<Config, 'hosts' | 'instances'>): boolean {
  return (
    Object.values(hosts.overrides).some(({ server_password: password }) => password !== undefined) ||
    Object.values(instances).some(({ password }) => password !== undefined)
  );
}
