import type { Session } from '../../domain/session.ts';
import { type CloneRequest, cloneOnHost } from '../../opencode/git-clone.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';

export interface CloneInput extends CloneRequest {
  /** True to create a session in the clone. */
  readonly session: boolean;
}

export interface Cloned {
  readonly directory: string;
  readonly session: Session | null;
  /** Why there is no session although one was requested; `null` otherwise. */
  readonly sessionError: unknown;
}

/**
 * Clones a repository on a host, and creates a session there if wanted. Reports git's progress, and `null` once the clone is complete. Rejects with a
 * CloneError, or as `transport` does, if there is no clone.
 */
export function cloneInto(
  context: OperationContext,
  alias: string,
  { session: isSessionWanted, ...request }: CloneInput,
  report: (progress: string | null) => void,
  signal: AbortSignal,
): Promise<Cloned> {
  const clone = async (): Promise<Cloned> => {
    const transport = await context.transport(alias, 'write', signal);
    const directory = await cloneOnHost(transport, request, report, signal);
    if (!isSessionWanted) return { directory, session: null, sessionError: null };
    report(null);
    try {
      const client = await context.clientFor({ alias, id: null }, 'write', signal);
      const session = await client.createSession({ directory, title: null, agent: null, model: null }, signal);
      return { directory, session, sessionError: null };
    } catch (error) {
      return { directory, session: null, sessionError: error };
    }
  };
  return logged(context, alias, 'clone a repository', clone, ({ directory }) => `cloned into ${directory}`);
}
