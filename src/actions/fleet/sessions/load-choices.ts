import { serverKey } from '../../../domain/server.ts';
import type { ServerClient } from '../../../opencode/server/server-client.ts';
import { failureText } from '../../../operations/failure.ts';
import type { Option } from '../../../store/form/field.ts';
import type { FormEvent } from '../../../store/form/form.ts';
import type { ActionPorts } from '../action-ports.ts';

/** opencode's defaults; `null` if unknown. */
export interface Choices {
  readonly agent: string | null;
  readonly model: string | null;
}

type Feed = (event: FormEvent) => void;
type Ports = Pick<ActionPorts, 'fleet' | 'clientNow'>;

/** To look at a form starts nothing on a host. */
const NO_SERVER = 'left to opencode: no server runs there; one is started when the session is created';

/**
 * Fills a form's fields `agent` and `model` with the choices of a host's server and its defaults, or with the reason if
 * they cannot be read or no server runs. Never rejects.
 *
 * @param enter returns the directory that the lists are for
 */
export async function loadChoices(
  ports: Ports,
  alias: string,
  enter: () => Promise<string>,
  feed: Feed,
  signal: AbortSignal,
): Promise<Choices> {
  try {
    const client = await linkedClient(ports, alias, signal);
    if (client === null) {
      leaveOut(feed, NO_SERVER);
      return { agent: null, model: null };
    }
    const directory = await enter();
    const agents = client.agents(directory, signal).then((found) => {
      const options = found.map(({ name, description }) => option(name, name, description));
      // opencode lists the one first that it takes by itself.
      return { options, initial: found[0]?.name ?? null };
    });
    const models = client.models(directory, signal).then((found) => {
      return { options: found.models.map(({ id, name }) => option(id, id, name)), initial: found.default };
    });
    const [agent, model] = await Promise.all([give(feed, 'agent', agents), give(feed, 'model', models)]);
    return { agent, model };
  } catch (error) {
    leaveOut(feed, `left to opencode: ${failureText(error)}`);
    return { agent: null, model: null };
  }
}

/** Returns a client of a running server, once pending links have settled; `null` if there is none. */
function linkedClient(ports: Ports, alias: string, signal: AbortSignal): Promise<ServerClient | null> {
  return new Promise((resolve) => {
    const look = () => {
      const client = ports.clientNow(alias, null);
      if (client !== null || signal.aborted || !isLinking(ports, alias)) finish(client);
    };
    const finish = (client: ServerClient | null) => {
      unsubscribe();
      signal.removeEventListener('abort', look);
      resolve(client);
    };
    const unsubscribe = ports.fleet.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

function isLinking({ fleet }: Ports, alias: string): boolean {
  const { live, snapshot } = fleet.getState().entries.get(alias) ?? {};
  const servers = snapshot?.servers ?? [];
  return servers.some((server) => (live?.servers.get(serverKey(server))?.state ?? 'connecting') === 'connecting');
}

/** Delivers one list as soon as it has arrived; resolves to its default. */
async function give(
  feed: Feed,
  field: string,
  list: Promise<{ options: readonly Option[]; initial: string | null }>,
): Promise<string | null> {
  try {
    const { options, initial } = await list;
    feed({ kind: 'options', field, options, initial });
    return initial;
  } catch (error) {
    feed({ kind: 'options', field, options: [], note: `left to opencode: ${failureText(error)}` });
    return null;
  }
}

function leaveOut(feed: Feed, note: string): void {
  for (const field of ['agent', 'model']) feed({ kind: 'options', field, options: [], note });
}

function option(value: string, label: string, description: string | null): Option {
  return description === null || description === label ? { value, label } : { value, label, description };
}
