import type { HostEntry } from '../../domain/fleet.ts';
import { isAtWork } from '../../domain/live.ts';
import { type Server, serverKey } from '../../domain/server.ts';
import type { Session } from '../../domain/session.ts';
import { ServerProcessError } from '../../opencode/server-process/server-process-error.ts';
import { reloadServer, STOP_TIMEOUT_MS, serversOf } from '../../operations/servers/reload-server.ts';
import { opencodePathOf } from '../../operations/target.ts';
import { createConfirm } from '../../store/form/confirm.ts';
import type { Note } from '../../store/form/form.ts';
import { say } from '../feedback.ts';
import { act } from './act.ts';
import type { ActionPorts } from './action-ports.ts';
import type { ActionTarget } from './fleet-actions.ts';

/** Stops the servers of a host, or those of the selected project, and starts ocr's own again. */
export async function reloadServers(ports: ActionPorts, { entry, project }: ActionTarget): Promise<void> {
  if (entry === null) return;
  const { alias, label } = entry.host;
  const opencodePath = opencodePathOf(entry);
  const known = ports.fleet.getState().entries.get(alias) ?? entry;
  const all = known.snapshot?.servers ?? [];
  const servers = project === null ? all : serversOf(known, project);
  if (opencodePath === null) return say(ports.store, `${label} has not answered yet`);
  if (servers.length === 0 && all.length > 0) {
    return say(
      ports.store,
      `${label}: no server works for ${project}; select the host to stop or restart all of its servers`,
    );
  }
  const others = servers.filter(({ own }) => !own).length;
  const attached = attachedOn(ports, alias);
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'reload',
      title: servers.length === 0 ? `No opencode server runs on ${label}` : `Stop ${countOf(servers)} of ${label}?`,
      lines:
        servers.length === 0
          ? [{ text: 'ocr can start one.' }]
          : [...linesOf(known, servers), ...attachedLines(attached)],
      options: [
        ...(servers.length === 0
          ? []
          : [{ key: 'y', label: others === servers.length ? 'stop' : 'stop, then start again', danger: true }]),
        ...(others === servers.length
          ? [{ key: 's', label: servers.length === 0 ? 'start server' : "stop, then start ocr's server" }]
          : []),
      ],
    }),
  );
  if (chosen === null) return;
  await act(ports, `reloading on ${label}`, async (tell) => {
    try {
      const told: string[] = [];
      for (const server of servers) {
        tell(`stopping server ${server.pid} on ${label}`);
        told.push(await reload(ports, alias, server));
      }
      if (servers.length > 0) for (const id of attachedOn(ports, alias)) ports.endAttached(alias, id);
      if (chosen === 's') {
        tell(`starting ocr's server on ${label}`);
        const { server } = await ports.startServer(alias, ports.signal);
        told.push(`ocr's server is running (pid ${server.pid}, port ${server.port})`);
      } else if (others > 0) {
        told.push(
          `restart ${others === 1 ? 'that server' : 'those servers'} yourself: ocr did not start ${others === 1 ? 'it' : 'them'}`,
        );
      }
      if (!ports.signal.aborted) say(ports.store, `${label}: ${told.join('; ')}`);
    } finally {
      void ports.refreshHost(alias);
    }
  });
}

/** Ids of the sessions that are attached in the background through a server of a host. */
function attachedOn({ store }: ActionPorts, alias: string): readonly string[] {
  const attached = [...store.getState().attached.values()];
  return attached.filter((ref) => ref.alias === alias && ref.throughServer).map(({ id }) => id);
}

function attachedLines(attached: readonly string[]): readonly Note[] {
  if (attached.length === 0) return [];
  const what = attached.length === 1 ? 'A session that is' : `${attached.length} sessions that are`;
  return [{ text: `${what} attached in the background here will be closed; enter attaches again.`, warn: true }];
}

/** Stops one server, by force if the user wants that, and starts ocr's own again. Reports the result. */
async function reload(ports: ActionPorts, alias: string, server: Server): Promise<string> {
  const stop = (force: boolean) => reloadServer(ports, alias, { server, force }, ports.signal);
  const { wasGone, started } = await stop(false).catch(async (error: unknown) => {
    if (!(error instanceof ServerProcessError) || error.kind !== 'still-runs') throw error;
    const chosen = await ports.dialogs.confirm(
      createConfirm({
        name: 'endServer',
        title: `Server ${server.pid} does not end`,
        lines: [
          {
            text: `ocr told it to stop ${STOP_TIMEOUT_MS / 1000} s ago. Stopping it by force may lose data that it is writing.`,
            warn: true,
          },
        ],
        options: [{ key: 'F', label: 'end it by force', danger: true }],
      }),
    );
    if (chosen !== 'F') throw error;
    return stop(true);
  });
  if (started === null) return wasGone ? `server ${server.pid} had ended before` : `server ${server.pid} was stopped`;
  return `ocr's server was restarted (pid ${started.pid}, port ${started.port})`;
}

function linesOf({ snapshot, live }: HostEntry, servers: readonly Server[]): readonly Note[] {
  const sessions = new Map(snapshot?.sessions.map((session) => [session.id, session]));
  return servers.flatMap((server) => {
    const working = [...live.sessions].filter(([, one]) => one.server === serverKey(server) && isAtWork(one.status));
    const where = server.directory === null ? '' : `, in ${server.directory}`;
    return [
      { text: `pid ${server.pid}, port ${server.port}${where}${server.own ? ', started by ocr' : ''}` },
      ...working.map(([id]) => ({
        text: `  works on ${titleOf(sessions.get(id), id)}: its turn will be cut off`,
        warn: true,
      })),
    ];
  });
}

function titleOf(session: Session | undefined, id: string): string {
  return session === undefined ? id : `"${session.title}"`;
}

function countOf(servers: readonly Server[]): string {
  return servers.length === 1 ? 'the opencode server' : `the ${servers.length} opencode servers`;
}
