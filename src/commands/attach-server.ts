import type { ServerFor } from '../actions/attach-ports.ts';
import { isReadonly } from '../actions/fleet/fleet-actions.ts';
import type { Host } from '../domain/host.ts';
import type { Server } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import { UserError } from '../lib/errors.ts';
import type { AttachServer } from '../opencode/attach-command.ts';
import type { OcrStore } from '../store/store.ts';
import type { Servers } from './servers.ts';

export interface AttachServerSources {
  readonly store: OcrStore;
  readonly servers: Pick<Servers, 'login' | 'startOwn'>;
}

/** Finds servers for the attach actions of the dashboard, as soon as there are any to be found. */
export function attachServerFrom(store: OcrStore, engine: Promise<Pick<AttachServerSources, 'servers'>>): ServerFor {
  return async (host, session, signal) =>
    findAttachServer({ store, servers: (await engine).servers }, host, session, signal);
}

/**
 * The server that a session is attached to: the one that has worked on it, where that lets us in, else ocr's own, which is started where it does not
 * run. Rejects with a UserError, a TransportError or a ServerProcessError.
 */
export async function findAttachServer(
  { store, servers }: AttachServerSources,
  host: Host,
  session: Session,
  signal: AbortSignal,
): Promise<AttachServer> {
  const entry = store.getState().entries.get(host.alias);
  const opencode = entry?.snapshot?.opencode;
  if (entry === undefined || opencode === undefined) throw new UserError(`${host.label} has not answered yet`);
  const has = entry.live.sessions.get(session.id)?.server;
  const link = has === undefined ? undefined : entry.live.servers.get(has);
  const other = link !== undefined && !link.server.own && (link.state === 'live' || link.state === 'polled');
  if (other) {
    const { username, password } = await servers.login(host.alias, link.server);
    return { url: urlOf(link.server), username, secret: password === null ? null : { kind: 'value', password } };
  }
  const runs = entry.snapshot?.servers.some(({ own }) => own) ?? false;
  if (!runs && isReadonly(store.getState(), host.alias)) {
    throw new UserError(`no server of ocr runs on ${host.label}, and none is started there: it is read-only`);
  }
  const { server, path } = await servers.startOwn(host, opencode.path, signal);
  return { url: urlOf(server), username: null, secret: { kind: 'file', path } };
}

function urlOf({ hostname, port }: Pick<Server, 'hostname' | 'port'>): string {
  return `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}
