import type { LiveEvent, PendingRequest, Settlement } from '../../domain/live.ts';
import { isSameRequest } from '../../domain/same-request.ts';
import { describeRequest, type UserRequest } from '../../domain/user-request.ts';
import { answeredKey, isAnswered, withAnswered, withoutAnswered } from '../../fleet/answered-requests.ts';
import { hostsChanged } from '../../fleet/fleet-transitions.ts';
import { withSeen } from '../../fleet/seen.ts';
import { ExpectedError, messageOf } from '../../lib/errors.ts';
import { ServerError } from '../../opencode/server/server-error.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';

/** The user's answer to a request. */
export type Reply =
  | { readonly kind: 'once' }
  | { readonly kind: 'always' }
  | { readonly kind: 'reject'; readonly message: string | null }
  | { readonly kind: 'answers'; readonly answers: readonly (readonly string[])[] };

/** The request is no longer pending: it was answered elsewhere, or its server restarted. */
export class RequestNotPending extends ExpectedError {
  override readonly name = 'RequestNotPending';
}

/** The request under that id has changed, so no answer was sent. */
export class Changed extends ExpectedError {
  override readonly name = 'Changed';
}

/**
 * Answers a request once, as the user read it. Looks it up first, and sends nothing if it was answered elsewhere or has changed; looks it up again
 * afterwards. Rejects with a RequestNotPending, a Changed, a ServerError or a TransportError.
 */
export async function sendReply(
  context: OperationContext,
  alias: string,
  pending: PendingRequest,
  reply: Reply,
  signal: AbortSignal = context.signal,
): Promise<void> {
  const { fleet } = context;
  const { request, server } = pending;
  const key = answeredKey(alias, server, request.id);
  // A turn that ends after this was not seen yet.
  const at = context.clock();
  // A second key while the first answer is in flight: the server may ask something else by the time it arrives.
  if (isAnswered(fleet.getState().answered, key, at))
    throw new RequestNotPending(`${quoted(request)} is being answered, or was just answered here`);
  fleet.setState(({ answered }) => ({ answered: withAnswered(answered, key, at) }));
  try {
    await logged(
      context,
      alias,
      `answer ${request.id}`,
      () => answer(context, alias, pending, reply, signal),
      () => SETTLED[reply.kind],
    );
  } catch (error) {
    fleet.setState(({ answered }) => ({ answered: withoutAnswered(answered, key) }));
    throw error;
  }
  reportAnswered(context, alias, request, reply, at);
}

async function answer(
  context: OperationContext,
  alias: string,
  { request, server }: PendingRequest,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  const client = await context.clientFor({ alias, id: request.sessionId }, 'write', signal);
  const lookUp = async () => (await client.requests(request.directory, signal)).find(({ id }) => id === request.id);
  const gone = new RequestNotPending(
    `${quoted(request)} is no longer pending: it was answered elsewhere or cancelled, or the server restarted`,
  );
  const listed = await lookUp();
  if (listed === undefined) {
    void context.refreshHost(alias);
    throw gone;
  }
  if (!isSameRequest(listed, request)) {
    showChanged(context, alias, server, listed);
    throw new Changed(`nothing was sent: the request is now ${quoted(listed)}; read it first`);
  }
  try {
    if (request.kind === 'permission') {
      if (reply.kind === 'answers') throw new TypeError('a permission is allowed or rejected');
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
  const stillAsked = await lookUp().catch((cause: unknown) => {
    throw new ExpectedError(
      `the answer was sent, but ocr cannot tell whether the server accepted it: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  });
  if (stillAsked !== undefined)
    throw new ExpectedError('the server accepted the answer, but the request is still pending');
}

/** Updates the screen to the request as it is now. */
function showChanged({ fleet, clock }: OperationContext, alias: string, server: string, request: UserRequest): void {
  fleet.setState(
    hostsChanged([{ kind: 'reported', alias, server, events: [{ kind: 'asked', request }], at: clock() }]),
  );
}

const SETTLED: Readonly<Record<Reply['kind'], Settlement>> = {
  once: 'once',
  always: 'always',
  reject: 'rejected',
  answers: 'answered',
};

/** The row changes at once, also where the server's events do not arrive. */
function reportAnswered(
  { fleet, clock }: OperationContext,
  alias: string,
  request: UserRequest,
  reply: Reply,
  answeredAt: number,
): void {
  const entry = fleet.getState().entries.get(alias);
  const at = clock();
  const { id: requestId, sessionId } = request;
  const seenAt = answeredAt + (entry?.snapshot?.clockOffset ?? 0);
  fleet.setState(({ seen }) => ({ seen: withSeen(seen, alias, [sessionId], seenAt) }));
  const server = entry?.live.requests.get(requestId)?.server;
  if (server === undefined) return;
  const settled: LiveEvent = { kind: 'settled', requestId, sessionId, how: SETTLED[reply.kind] };
  fleet.setState(hostsChanged([{ kind: 'reported', alias, server, events: [settled], at }]));
}

const quoted = (request: UserRequest) => `"${describeRequest(request)}"`;
