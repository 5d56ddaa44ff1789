import * as z from 'zod';
import { type HostEntry, hostStatus } from '../domain/fleet.ts';
import { endpointOf } from '../domain/host.ts';
import { isLive } from '../domain/live.ts';
import { loginTrouble } from '../domain/login.ts';
import { type Server, serverKey } from '../domain/server.ts';
import { selectHostTree, type TreeOrder } from '../fleet/project-tree.ts';

/** Version of the shape below: raised when a field changes its meaning or goes, not when one is added. */
export const HOST_REPORT_VERSION = 1;

const serverReportSchema = z.object({
  /** 0 for the server of an instance. */
  pid: z.number(),
  port: z.number(),
  directory: z.string().nullable(),
  version: z.string().nullable(),
  /** True for a server that ocr started. */
  own: z.boolean(),
  /** State of the event stream from it; `null` if it is not followed. */
  state: z.string().nullable(),
});

/** A host as scripts see it, in `ocr hosts --json`. */
export const hostReportSchema = z.object({
  name: z.string(),
  label: z.string(),
  group: z.string().nullable(),
  address: z.string().nullable(),
  port: z.number().nullable(),
  user: z.string().nullable(),
  /** The base URL of an instance; `null` for a host with a shell. */
  url: z.string().nullable(),
  status: z.string(),
  reason: z.string().nullable(),
  hint: z.string().nullable(),
  blockedBy: z.string().nullable(),
  keyWarning: z.string().nullable(),
  transport: z.string().nullable(),
  latencyMs: z.number().nullable(),
  opencode: z.object({ path: z.string(), version: z.string().nullable() }).nullable(),
  database: z.string().nullable(),
  profile: z.string().nullable(),
  live: z.boolean(),
  servers: z.array(serverReportSchema).nullable(),
  sessions: z.number().nullable(),
  /** ISO 8601. */
  updatedAt: z.string().nullable(),
});

export type HostReport = z.output<typeof hostReportSchema>;

/** Describes a host for scripts. `sessions` counts the same sessions as its row in the dashboard. */
export function describeHost(entry: HostEntry, settings: TreeOrder): HostReport {
  const { host, snapshot, failure } = entry;
  const endpoint = endpointOf(host.route);
  const answered = failure === null ? snapshot : null;
  const status = hostStatus(entry);
  const latency = answered?.latency ?? failure?.latency ?? null;
  return {
    name: host.alias,
    label: host.label,
    group: host.group,
    address: endpoint?.hostname ?? null,
    port: endpoint?.port ?? null,
    user: host.route.kind === 'ssh' ? host.route.options.user : null,
    url: host.route.kind === 'url' ? host.route.url : null,
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
function describeServer({ live }: HostEntry, server: Server): z.output<typeof serverReportSchema> {
  const { pid, port, directory, version, own } = server;
  const link = live.servers.get(serverKey(server));
  return { pid, port, directory, version: link?.server.version ?? version, own, state: link?.state ?? null };
}
