import { UserError } from '../../lib/errors.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

/** Rejects an agent or a model that the directory lacks with a UserError: the server would accept the prompt, and fail later. */
export async function refuseUnknown(
  client: Pick<ServerClient, 'agents' | 'models'>,
  {
    directory,
    agent,
    model,
  }: { readonly directory: string; readonly agent: string | null; readonly model: string | null },
  signal: AbortSignal,
): Promise<void> {
  if (agent !== null) {
    const agents = await client.agents(directory, signal);
    if (!agents.some(({ name }) => name === agent)) throw new UserError(`there is no agent ${agent} in ${directory}`);
  }
  if (model !== null) {
    const { models } = await client.models(directory, signal);
    if (!models.some(({ id }) => id === model)) throw new UserError(`there is no model ${model} in ${directory}`);
  }
}
