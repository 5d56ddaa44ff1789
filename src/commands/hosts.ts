import { type HostEntry, hostStatus } from '../domain/fleet.ts';
import { isLive } from '../domain/live.ts';
import { loginTrouble } from '../domain/login.ts';
import { type Server, serverKey } from '../domain/server.ts';
import type { Setup } from '../engine/setup.ts';
import { selectHostTree } from '../fleet/project-tree.ts';
import type { ViewSettings } from '../store/settings.ts';
import { printJson } from './print-json.ts';
import { probeOnce } from './probe-once.ts';
import { printTable } from './table.ts';
import { viewSettings } from './view-settings.ts';

/** `ocr hosts`: asks every host once and prints its state. */
export async function runHosts(setup: Setup, { json }: { json: boolean }): Promise<void> {
  const settings = viewSettings(setup.config);
  const hosts = (await probeOnce(setup, true)).entries.map((entry) => describeHost(entry, settings));
  if (json) {
    printJson(hosts);
    return;
  }
  printTable(
    ['HOST', 'STATUS', 'SESSIONS', 'LATENCY', 'OPENCODE', 'ADDRESS', 'REASON'],
    hosts.map((host) => [
      host.label,
      host.status,
      host.sessions === null ? '' : String(host.sessions),
      host.latencyMs === null ? '' : `${host.latencyMs} ms`,
      host.opencode?.version ?? '',
      host.address === null ? '' : `${host.user}@${host.address}:${host.port}`,
      host.reason ?? host.profile ?? '',
    ]),
  );
}

/** Describes a host for scripts. `sessions` counts the same sessions as its row in the dashboard. */
export function describeHost(entry: HostEntry, settings: ViewSettings) {
  const { host, snapshot, failure } = entry;
  const route = host.route.kind === 'ssh' ? host.route.options : null;
  const answered = failure === null ? snapshot : null;
  const status = hostStatus(entry);
  const latency = answered?.latency ?? failure?.latency ?? null;
  return {
    name: host.alias,
    label: host.label,
    group: host.group,
    address: route?.hostname ?? null,
    port: route?.port ?? null,
    user: route?.user ?? null,
    status: status === 'unknown' ? 'error' : status,
    reason: failure?.reason ?? answered?.doubt ?? null,
    hint: failure?.hint ?? null,
    blockedBy: failure?.blockedBy ?? null,
    keyWarning: snapshot?.connection?.warning?.text ?? null,
    transport: (failure === null ? snapshot?.connection : failure.connection)?.kind ?? null,
    latencyMs: latency === null ? null : Math.round(latency * 10) / 10,
    opencode: answered === null ? null : { path: answered.opencode.path, version: answered.opencode.version },
    database: answered?.databasePath ?? null,
    profile: answered === null || answered.login === null ? null : loginTrouble(answered.login),
    live: answered !== null && isLive(entry.live),
    servers: answered === null ? null : answered.servers.map((server) => describeServer(entry, server)),
    sessions: answered === null ? null : selectHostTree(answered.sessions, settings).total,
    updatedAt: answered === null ? null : new Date(answered.at).toISOString(),
  };
}

/** Describes a running server for scripts; its own report of its version comes first. */
function describeServer({ live }: HostEntry, server: Server) {
  const { pid, port, directory, version, own } = server;
  const link = live.servers.get(serverKey(server));
  return { pid, port, directory, version: link?.server.version ?? version, own, state: link?.state ?? null };
}
