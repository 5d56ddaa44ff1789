import type { HostEntry } from '../../domain/fleet.ts';
import { type Server, serverKey } from '../../domain/server.ts';
import { NotAnswered } from '../../fleet/not-answered.ts';
import { stopServer } from '../../opencode/server-process/stop-server.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { opencodePathOf } from '../target.ts';

/** A server ends within this time after a signal. */
export const STOP_TIMEOUT_MS = 10_000;

export interface Reloaded {
  /** True if the server had ended before. */
  readonly wasGone: boolean;
  /** ocr's own server in its place; `null` for a server that ocr does not start. */
  readonly started: Server | null;
}

/**
 * Stops a server, and starts ocr's own again if it was that. Rejects with a ServerProcessError of kind `still-runs` if the server does not end: call
 * again with `force`, at the loss of anything it is writing.
 */
export function reloadServer(
  context: OperationContext,
  alias: string,
  { server, force }: { readonly server: Server; readonly force: boolean },
  signal: AbortSignal,
): Promise<Reloaded> {
  const reload = async (): Promise<Reloaded> => {
    const transport = await context.transport(alias, 'write', signal);
    const entry = context.fleet.getState().entries.get(alias);
    const opencodePath = entry === undefined ? null : opencodePathOf(entry);
    if (opencodePath === null) throw new NotAnswered(alias);
    const outcome = await stopServer(transport, server, { opencodePath, timeout: STOP_TIMEOUT_MS, force }, signal);
    const started = server.own ? (await context.startServer(alias, signal)).server : null;
    return { wasGone: outcome === 'gone', started };
  };
  return logged(context, alias, `stop server ${server.pid}`, reload, ({ started }) =>
    started === null ? 'stopped' : `started again on port ${started.port}`,
  );
}

/** Returns the servers that run in a project's folders or have worked on its sessions, and ocr's own, which serves all. */
export function serversOf({ snapshot, live }: HostEntry, project: string): readonly Server[] {
  const ids = new Set(snapshot?.sessions.filter((session) => session.project === project).map(({ id }) => id));
  const working = new Set([...live.sessions].filter(([id]) => ids.has(id)).map(([, { server }]) => server));
  const isBelow = (directory: string | null) => directory === project || directory?.startsWith(`${project}/`) === true;
  return (snapshot?.servers ?? []).filter(
    (server) => server.own || isBelow(server.directory) || working.has(serverKey(server)),
  );
}
