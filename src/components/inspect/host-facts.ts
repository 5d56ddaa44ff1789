import type { ConnectionInfo } from '../../domain/connection.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import { type Host, passwordSettingOf, type Route } from '../../domain/host.ts';
import { loginTrouble } from '../../domain/login.ts';
import { type Server, type ServerLink, serverKey } from '../../domain/server.ts';
import type { Snapshot } from '../../domain/snapshot.ts';

/** A fact: its name and value. A value without a name continues the line before. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Options that are not used and are listed. */
const MAX_NOT_USED = 8;

/** Lists how a host is connected, or would be: the transport, the hops, and ignored configuration. */
export function connectionFacts({ host, snapshot, failure }: HostEntry): Fact[] {
  const connection = failure?.connection ?? snapshot?.connection ?? null;
  const options = host.route.kind === 'ssh' ? host.route.options : null;
  const hops = options?.proxyJump?.split(',').map((hop) => hop.trim());
  return [
    ...listed(
      host.route.kind === 'url' ? 'reached' : 'ssh',
      compact([connection === null ? foreseen(host.route) : describeConnection(connection)]),
    ),
    ...listed('host key', compact([connection?.warning?.text])),
    ...listed('notes', connection?.notes ?? []),
    ...listed('behind', compact([hops?.join(', then ')])),
    ...listed('blocked by', compact([failure?.blockedBy])),
    ...listed('not used', shortened(options?.notUsed ?? [])),
  ];
}

function describeConnection({ kind, reason }: ConnectionInfo): string | null {
  switch (kind) {
    case 'local':
      return null;
    case 'url':
      return 'by its URL: it has no shell';
    case 'ssh2':
      return reason === null ? 'ssh2' : `ssh2: ${reason}`;
    case 'openssh':
      return reason === null ? 'system ssh' : `system ssh: ${reason}`;
  }
}

/** Returns what is known about a host that was not connected yet. */
function foreseen(route: Route): string | null {
  if (route.kind === 'url') return 'by its URL: it has no shell';
  if (route.kind === 'by-name') return `system ssh: ${route.reason}`;
  if (route.kind !== 'ssh' || route.options.opensshOnly.length === 0) return null;
  return `system ssh: ${route.options.opensshOnly.join(', ')}`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_NOT_USED) return lines;
  return [...lines.slice(0, MAX_NOT_USED), `${lines.length - MAX_NOT_USED} more`];
}

/** A fact with a value a line; none without values. */
function listed(name: string, values: readonly string[]): Fact[] {
  return values.map((value, at) => ({ name: at === 0 ? name : '', value }));
}

function compact(values: readonly (string | null | undefined)[]): string[] {
  return values.flatMap((value) => (value ? [value] : []));
}

/** Lists where opencode and its sessions are on a host, and the login environment behind that. */
export function placeFacts({ login, databasePath, confirmed, candidates }: Snapshot): Fact[] {
  const facts: Fact[] = [];
  if (login !== null) {
    facts.push({ name: 'login', value: LOGIN_WORDS[login.mode ?? 'none'](login.shell || 'no shell') });
    const trouble = loginTrouble(login);
    if (trouble !== null) facts.push({ name: '', value: trouble });
    for (const [name, value] of Object.entries(login.variables)) facts.push({ name: '', value: `${name}=${value}` });
  }
  if (databasePath === null) return facts;
  facts.push({ name: 'database', value: databasePath });
  if (confirmed?.path === databasePath) facts.push({ name: '', value: 'confirmed by opencode' });
  else if (candidates > 1) facts.push({ name: '', value: `the latest of ${candidates}; not confirmed by opencode` });
  return facts;
}

const LOGIN_WORDS = {
  login: (shell: string) => `from a login of ${shell}`,
  interactive: (shell: string) => `from an interactive login of ${shell}`,
  none: (shell: string) => `${shell} did not answer, so its profile is left out`,
} as const;

/** The servers of opencode on a host, and how far it has come with each. */
export function serverFacts({ host, snapshot, live }: HostEntry): Fact[] {
  const known = snapshot?.servers ?? [];
  const unlisted = [...live.servers].filter(([key]) => !known.some((server) => serverKey(server) === key));
  return [
    ...known.flatMap((server) => describeServer(server, live.servers.get(serverKey(server)) ?? null, host)),
    ...unlisted.flatMap(([, link]) => describeServer(link.server, link, host)),
  ];
}

function describeServer(server: Server, link: ServerLink | null, host: Host): Fact[] {
  const version = link?.server.version ?? server.version;
  const words = [
    server.url ?? `pid ${server.pid}, port ${server.port}`,
    ...(version === null ? [] : [version]),
    ...(server.own ? ['started by ocr'] : []),
  ];
  return [
    { name: 'server', value: words.join(', ') },
    ...(server.directory === null ? [] : [{ name: '', value: `in ${server.directory}` }]),
    ...describeLink(server, link, host).map((value) => ({ name: '', value })),
  ];
}

function describeLink({ own }: Server, link: ServerLink | null, host: Host): string[] {
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
      return [`failed: ${reason ?? 'reason unknown'}`];
    case 'unproven':
      return [`not trusted: ${reason ?? 'nothing proves that it is yours'}`];
    case 'needs-password':
      return own
        ? [`needs a password, and the one in its file is wrong: ${reason ?? ''}`]
        : ['needs a password: set it in the configuration as', passwordSettingOf(host)];
  }
}
