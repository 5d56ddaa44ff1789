import { requestsByRoot } from '../../../domain/attention.ts';
import type { HostEntry } from '../../../domain/fleet.ts';
import { describeRequest, type PersonRequest } from '../../../domain/person-request.ts';
import { ServerError } from '../../../opencode/server/server-error.ts';
import { withLookedAt } from '../../../store/seen.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { TargetSession } from '../fleet-actions.ts';

/** What a person answers. */
export type Reply =
  | { readonly kind: 'once' }
  | { readonly kind: 'always' }
  | { readonly kind: 'reject'; readonly message: string | null }
  | { readonly kind: 'answers'; readonly answers: readonly (readonly string[])[] };

/** A request that is not pending any more: somebody else has answered it, or its server has restarted. */
export class NotPending extends Error {
  override readonly name = 'NotPending';
}

/** What a session (a root, with all that works for it) asks first; `null` when nothing. */
export function firstRequest(
  { entry, session }: TargetSession,
  ports: Pick<ActionPorts, 'store'>,
): PersonRequest | null {
  const latest = ports.store.getState().entries.get(entry.host.alias) ?? entry;
  const sessions = latest.snapshot?.sessions ?? [];
  const [first] = requestsByRoot(sessions, latest.live.requests).get(session.id) ?? ownRequests(latest, session.id);
  return first?.request ?? null;
}

function ownRequests({ live }: HostEntry, sessionId: string) {
  return [...live.requests.values()].filter(({ request }) => request.sessionId === sessionId);
}

/**
 * Answers a request once: it is looked up before, so that nothing is sent to one that somebody else has answered, and again afterwards. Rejects with a
 * NotPending, a ServerError or a TransportError.
 */
export async function sendReply(
  ports: ActionPorts,
  alias: string,
  request: PersonRequest,
  reply: Reply,
  signal: AbortSignal = ports.signal,
): Promise<void> {
  const client = await ports.client(alias, request.sessionId, signal);
  const isPending = async () => (await client.requests(request.directory, signal)).some(({ id }) => id === request.id);
  const gone = new NotPending(
    `"${describeRequest(request)}" is not asked any more: it was answered elsewhere, given up, or the server restarted`,
  );
  if (!(await isPending())) {
    void ports.refreshHost(alias);
    throw gone;
  }
  ports.store.setState(({ answered }) => ({ answered: new Set(answered).add(request.id) }));
  try {
    if (request.kind === 'permission') {
      if (reply.kind === 'answers') throw new TypeError('a permission is approved or rejected');
      const message = reply.kind === 'reject' ? reply.message : null;
      await client.replyPermission(request, reply.kind, message, signal);
    } else if (reply.kind === 'answers') {
      await client.replyQuestion(request, reply.answers, signal);
    } else {
      await client.rejectQuestion(request, signal);
    }
  } catch (error) {
    if (error instanceof ServerError && error.kind === 'not-found') throw gone;
    throw error;
  }
  if (await isPending()) throw new Error('the server took the answer, but still asks');
  const { store } = ports;
  const entry = store.getState().entries.get(alias);
  const at = ports.clock() + (entry?.snapshot?.clockOffset ?? 0);
  store.setState(({ seen }) => ({ seen: withLookedAt(seen, alias, [request.sessionId], at) }));
}
