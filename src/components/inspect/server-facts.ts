import type { HostEntry } from '../../domain/fleet.ts';
import { type Server, type ServerLink, serverKey } from '../../domain/server.ts';
import type { Fact } from './fact.ts';

/** The servers of opencode on a host, and how far it has come with each. */
export function serverFacts({ host, snapshot, live }: HostEntry): Fact[] {
  const links = new Map(live.servers);
  const listed = snapshot?.servers ?? [];
  return [
    ...listed.flatMap((server) => describe(server, links.get(serverKey(server)) ?? null, host.alias)),
    ...[...links]
      .filter(([key]) => !listed.some((server) => serverKey(server) === key))
      .flatMap(([, link]) => describe(link.server, link, host.alias)),
  ];
}

function describe(server: Server, link: ServerLink | null, alias: string): Fact[] {
  const version = link?.server.version ?? server.version;
  const words = [
    `pid ${server.pid}, port ${server.port}`,
    ...(version === null ? [] : [version]),
    ...(server.own ? ['started by ocr'] : []),
  ];
  return [
    { name: 'server', value: words.join(', ') },
    ...(server.directory === null ? [] : [{ name: '', value: `in ${server.directory}` }]),
    ...stateOf(server, link, alias).map((value) => ({ name: '', value })),
  ];
}

function stateOf({ own }: Server, link: ServerLink | null, alias: string): string[] {
  const reason = link?.reason ?? null;
  switch (link?.state) {
    case undefined:
      return ['not followed yet'];
    case 'live':
      return ['live: its events arrive as they happen'];
    case 'polled':
      return [`polled: its events do not arrive${reason === null ? '' : `: ${reason}`}`];
    case 'connecting':
      return ['connecting'];
    case 'failed':
      return [`failed: ${reason ?? 'for no known reason'}`];
    case 'unproven':
      return [`not trusted: ${reason ?? 'nothing proves that it is yours'}`];
    case 'needs-password':
      return own
        ? [`needs a password, and the one in its file is wrong: ${reason ?? ''}`]
        : ['needs a password: set it in the configuration as', `hosts.overrides.${alias}.server_password`];
  }
}
