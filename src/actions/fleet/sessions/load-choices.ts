import type { Option } from '../../../store/form/field.ts';
import type { FormEvent } from '../../../store/form/form.ts';
import { failureText } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';

/** What opencode takes where nothing is picked; `null` where that is not known. */
export interface Choices {
  readonly agent: string | null;
  readonly model: string | null;
}

type Feed = (event: FormEvent) => void;

/**
 * Gives a form with the fields `agent` and `model` what a host's server has to choose from, with what it takes by default; where the lists cannot be
 * read, the reason. Rejects never.
 * @param enter gives the directory whose lists they are
 */
export async function loadChoices(
  ports: Pick<ActionPorts, 'client'>,
  alias: string,
  enter: () => Promise<string>,
  feed: Feed,
  signal: AbortSignal,
): Promise<Choices> {
  try {
    const [client, directory] = await Promise.all([ports.client(alias, null, signal), enter()]);
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
    for (const field of ['agent', 'model']) feed(without(field, error));
    return { agent: null, model: null };
  }
}

/** Gives one list as soon as it has come; resolves to what is taken by default. */
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
    feed(without(field, error));
    return null;
  }
}

function without(field: string, error: unknown): FormEvent {
  return { kind: 'options', field, options: [], note: `left to opencode: ${failureText(error)}` };
}

function option(value: string, label: string, description: string | null): Option {
  return description === null || description === label ? { value, label } : { value, label, description };
}
