import { passwordAdvice } from '../config/given-instances.ts';
import { serverAt } from '../domain/server.ts';
import { systemClock } from '../lib/clock.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import type { ProberOptions } from '../probe/prober.ts';
import { probeUrl } from '../probe/url-probe.ts';
import type { ClientPool } from './client-pool.ts';
import type { ConfigSource } from './config-source.ts';
import type { Setup } from './setup.ts';

/** Creates the probe of hosts that are known by their URL, over the shared clients. */
export function createUrlProbe(
  { configFile, instances }: Pick<Setup, 'configFile' | 'instances'>,
  config: Pick<ConfigSource, 'current'>,
  clients: Pick<ClientPool<ServerClient>, 'borrow' | 'discard'>,
): NonNullable<ProberOptions['probeUrl']> {
  return (host, route, limits) =>
    probeUrl(
      {
        open: (of, signal) => clients.borrow(of, serverAt(route.url), signal),
        discard: (client) => clients.discard(client),
        hasSecret: (name) => {
          const { password, password_command: command, token } = config.current().instances[name] ?? {};
          return (password ?? command ?? token) !== undefined;
        },
        passwordAdvice: (name) => passwordAdvice(name, configFile, instances),
        clock: systemClock,
      },
      host,
      route,
      limits,
    );
}
