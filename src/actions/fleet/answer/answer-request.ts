import { requestsByRoot } from '../../../domain/attention.ts';
import type { HostEntry } from '../../../domain/fleet.ts';
import type { LiveEvent, Settlement } from '../../../domain/live.ts';
import { describeRequest, type PersonRequest } from '../../../domain/person-request.ts';
import { messageOf } from '../../../lib/errors.ts';
import { ServerError } from '../../../opencode/server/server-error.ts';
import { hostsChanged } from '../../../store/fleet-transitions.ts';
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
  const { store } = ports;
  // A second key while the first one is on its way: by the time it arrives something else may be asked.
  if (store.getState().answered.has(request.id))
    throw new NotPending(`${quoted(request)} is being answered here, or was just now`);
  store.setState(({ answered }) => ({ answered: new Set(answered).add(request.id) }));
  // What ends after this was not seen yet.
  const at = ports.clock();
  try {
    await answer(ports, alias, request, reply, signal);
  } catch (error) {
    store.setState(({ answered }) => ({ answered: new Set([...answered].filter((id) => id !== request.id)) }));
    throw error;
  }
  tellAnswered(ports, alias, request, reply, at);
}

async function answer(
  ports: ActionPorts,
  alias: string,
  request: PersonRequest,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  const client = await ports.client(alias, request.sessionId, signal);
  const isPending = async () => (await client.requests(request.directory, signal)).some(({ id }) => id === request.id);
  const gone = new NotPending(
    `${quoted(request)} is not asked any more: it was answered elsewhere, given up, or the server restarted`,
  );
  if (!(await isPending())) {
    void ports.refreshHost(alias);
    throw gone;
  }
  try {
    if (request.kind === 'permission') {
      if (reply.kind === 'answers') throw new TypeError('a permission is approved or rejected');
      const message = reply.kind === 'reject' ? reply.message : null;
      await client.replyPermission(request, reply.kind, message, signal);
    } else if (reply.kind === 'answers') {
      await client.replyQuestion(request, reply.answers, signal);
    } else {
      if (reply.kind !== 'reject') throw new TypeError('a question is answered or rejected');
      await client.rejectQuestion(request, signal);
    }
  } catch (error) {
    if (error instanceof ServerError && error.kind === 'not-found') throw gone;
    throw error;
  }
  const stillAsked = await isPending().catch((cause: unknown) => {
    throw new Error(`the answer was sent, but whether it was taken is not known: ${messageOf(cause)}`, { cause });
  });
  if (stillAsked) throw new Error('the server took the answer, but still asks');
}

const SETTLED: Readonly<Record<Reply['kind'], Settlement>> = {
  once: 'once',
  always: 'always',
  reject: 'rejected',
  answers: 'answered',
};

/** The row changes at once, also where the server's events do not arrive. */
function tellAnswered(
  { store, clock }: ActionPorts,
  alias: string,
  request: PersonRequest,
  reply: Reply,
  answeredAt: number,
): void {
  const entry = store.getState().entries.get(alias);
  const at = clock();
  const { id: requestId, sessionId } = request;
  const lookedAt = answeredAt + (entry?.snapshot?.clockOffset ?? 0);
  store.setState(({ seen }) => ({ seen: withLookedAt(seen, alias, [sessionId], lookedAt) }));
  const server = entry?.live.requests.get(requestId)?.server;
  if (server === undefined) return;
  const settled: LiveEvent = { kind: 'settled', requestId, sessionId, how: SETTLED[reply.kind] };
  store.setState(hostsChanged([{ kind: 'told', alias, server, events: [settled], at }]));
}

const quoted = (request: PersonRequest) => `"${describeRequest(request)}"`;
