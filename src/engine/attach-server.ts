import type { HostEntry } from '../domain/fleet.ts';
import type { Host } from '../domain/host.ts';
import { isFollowed, type Server } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { NotAnswered } from '../fleet/not-answered.ts';
import { isReadOnly } from '../fleet/read-only.ts';
import type { AttachServer } from '../opencode/attach-command.ts';
import { NoServer } from './find-client.ts';
import type { Servers } from './servers.ts';

export interface AttachServerSources {
  readonly fleet: FleetStore;
  readonly servers: Pick<Servers, 'login' | 'startOwn'>;
}

/**
 * Finds the server to attach a session to: the one that has worked on it, else ocr's own, else any that lets us in. If
 * there is none, starts ocr's own. Rejects with `NotAnswered`, `NoServer`, `TransportError` or `ServerProcessError`.
 */
export async function findAttachServer(
  { fleet, servers }: AttachServerSources,
  host: Host,
  session: Session,
  signal: AbortSignal,
): Promise<AttachServer> {
  const entry = fleet.getState().entries.get(host.alias);
  const opencode = entry?.snapshot?.opencode;
  if (entry === undefined || opencode === undefined) throw new NotAnswered(host.label);
  const other = otherServer(entry, session.id);
  if (other !== null) {
    const { username, password } = await servers.login(host.alias, other, signal);
    const secret = password === null ? null : ({ kind: 'value', password } as const);
    return { url: urlOf(other), process: processOf(other), username, secret };
  }
  const runs = entry.snapshot?.servers.some(({ own }) => own) ?? false;
  if (!runs && isReadOnly(fleet.getState().settings, host.alias)) {
    throw new NoServer(`ocr's server is not running on ${host.label}, and ocr starts none on a read-only host`);
  }
  const { server, path } = await servers.startOwn(host, opencode.path, signal);
  return { url: urlOf(server), process: processOf(server), username: null, secret: { kind: 'file', path } };
}

/** Returns the user's own server through which a session is opened; `null` if ocr's should be used. */
function otherServer({ live, snapshot }: HostEntry, sessionId: string): Server | null {
  const usable = [...live.servers].filter(([, { state }]) => isFollowed(state));
  const has = live.sessions.get(sessionId)?.server;
  const worksOnIt = usable.find(([key]) => key === has)?.[1].server;
  if (worksOnIt !== undefined) return worksOnIt.own ? null : worksOnIt;
  if (snapshot?.servers.some(({ own }) => own)) return null;
  return usable[0]?.[1].server ?? null;
}

function processOf({ pid, startId, hostname, port }: Server): AttachServer['process'] {
  return { pid, startId, hostname, port };
}

function urlOf({ hostname, port }: Pick<Server, 'hostname' | 'port'>): string {
  return `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}
