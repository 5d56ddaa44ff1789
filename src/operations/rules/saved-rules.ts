import { ExpectedError, messageOf, UserError } from '../../lib/errors.ts';
import { tellInParallel } from '../../lib/tell-in-parallel.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { OperationContext } from '../context.ts';
import { failureText } from '../failure.ts';
import { logged } from '../logged.ts';

/** Hosts asked at the same time. */
const MAX_HOSTS_AT_ONCE = 8;

/** A rule that "always" created and that outlives the server. */
export interface Rule {
  readonly alias: string;
  readonly id: string;
  /** The kind of action, such as `bash`. */
  readonly action: string;
  /** The pattern it allows, such as `npm run *`. Text of the host. */
  readonly resource: string;
  /** The project's worktree, where it holds in every folder; `null` if the project is no longer known. */
  readonly project: string | null;
}

/** The rules of one host, or why there are none to list. */
export type HostRules =
  | { readonly kind: 'kept'; readonly alias: string; readonly rules: readonly Rule[] }
  /** The server has no such list: what "always" allowed ends with it. `reason` is such as `not kept by this server (opencode 1.17.2)`. */
  | { readonly kind: 'not-kept'; readonly alias: string; readonly reason: string }
  /** No server could be asked. */
  | { readonly kind: 'failed'; readonly alias: string; readonly reason: string };

/**
 * Lists the rules of every online host, each as soon as it answers. Asks only servers that are connected, so it starts none. With opencode 1.18.33 a host
 * lists the rules of turns that were begun over `/api`. The answer `always` that `ocr` itself gives is kept in the server's memory until that ends, and no
 * call lists it: see `opencode/server/saved-rules.ts` for what was measured.
 */
export async function* listRules(
  context: Pick<OperationContext, 'fleet' | 'clientNow' | 'signal'>,
  signal: AbortSignal = context.signal,
): AsyncGenerator<HostRules, void> {
  const { entries } = context.fleet.getState();
  const online = [...entries].filter(([, { snapshot }]) => snapshot !== null).map(([alias]) => alias);
  yield* tellInParallel<string, HostRules>(online, MAX_HOSTS_AT_ONCE, signal, async (alias, tell, limited) => {
    const client = context.clientNow(alias, null);
    if (client === null) return tell({ kind: 'failed', alias, reason: 'no server is connected' });
    try {
      tell(await rulesOf(alias, client, limited));
    } catch (error) {
      tell({ kind: 'failed', alias, reason: failureText(error) });
    }
  });
}

/**
 * Removes a rule, and makes sure that it is gone. Rejects with a UserError if it is not listed, and as `clientFor` does.
 */
export async function removeRule(
  context: OperationContext,
  { alias, id }: Pick<Rule, 'alias' | 'id'>,
  signal: AbortSignal = context.signal,
): Promise<void> {
  const remove = async () => {
    const client = await context.clientFor({ alias, id: null }, 'write', signal);
    const lookUp = async () => {
      const found = await rulesOf(alias, client, signal);
      if (found.kind !== 'kept') throw new UserError(`${alias}: rules are ${found.reason}`);
      return found.rules.some((rule) => rule.id === id);
    };
    if (!(await lookUp())) throw new UserError(`${alias}: that rule is already gone`);
    await client.removeRule(id, signal);
    const isStillThere = await lookUp().catch((cause: unknown) => {
      throw new ExpectedError(
        `the rule was removed, but ocr cannot tell whether the server did so: ${messageOf(cause)}`,
        {
          cause,
        },
      );
    });
    if (isStillThere) throw new ExpectedError('the server accepted the removal, but still lists the rule');
  };
  await logged(context, alias, `remove rule ${id}`, remove, () => 'removed');
}

async function rulesOf(alias: string, client: ServerClient, signal: AbortSignal): Promise<HostRules> {
  const projects = await client.projectIds(signal);
  const listed = await client.rules([...projects.keys()], signal);
  if (listed === null) {
    const { version } = await client.health(signal);
    return { kind: 'not-kept', alias, reason: `not kept by this server (opencode ${version})` };
  }
  const rules = listed.map(({ projectId, ...rule }) => ({ alias, ...rule, project: projects.get(projectId) ?? null }));
  return { kind: 'kept', alias, rules };
}
