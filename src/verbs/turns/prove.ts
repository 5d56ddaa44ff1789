import type { SessionRef } from '../../domain/session-ref.ts';
import { describeRequest } from '../../domain/user-request.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import { type Answer, awaitAnswer } from '../../operations/turns/await-answer.ts';
import { type PromptInput, recordPrompt } from '../../operations/turns/record-prompt.ts';
import type { SessionSeat } from '../../operations/turns/session-seat.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';

export interface Patience {
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that an answer without a reported end must be unchanged. */
  readonly quiet: number;
}

/** A turn that is proven by its answer. */
export interface ProvenTurn {
  /** The user message. */
  readonly promptId: string;
  /** The new assistant message with text. */
  readonly message: TurnMessage;
}

/**
 * Sends a prompt and returns the new assistant message with text that stands in the session after it. Rejects with a VerbError that says what was recorded if
 * there is none.
 */
export async function proveTurn(
  desk: Desk,
  seat: SessionSeat,
  prompt: PromptInput,
  patience: Patience & { readonly isKept?: boolean },
): Promise<ProvenTurn> {
  const sent = await recordPrompt(await desk.context(), seat, prompt, desk.signal);
  return { promptId: sent.id, message: await proveRecorded(desk, seat, sent, patience) };
}

/** Returns the new assistant message with text after a recorded prompt. Rejects with a VerbError that says what was recorded if there is none. */
export async function proveRecorded(
  desk: Desk,
  seat: SessionSeat,
  sent: TurnMessage,
  { isKept = true, ...patience }: Patience & { readonly isKept?: boolean },
): Promise<TurnMessage> {
  const { alias, session } = seat;
  const ref = { alias, id: session.id };
  const recorded = isKept ? `the prompt is recorded as ${sent.id} in ${ref.id}` : null;
  const wanted = { prompt: sent, ...patience, untilAsked: false, tell: tellProgress(desk, seat) };
  try {
    const { answer } = await awaitAnswer(await desk.context(), seat, wanted, desk.signal);
    if (answer.kind === 'answered') return answer.message;
    throw failureOfAnswer(answer, ref, recorded, patience);
  } catch (error) {
    const { aborted, reason } = desk.signal;
    if (!aborted || !(reason instanceof VerbError)) throw error;
    if (recorded === null) throw reason;
    throw new VerbError(reason.status, `${reason.message}: ${recorded}, and its answer was not awaited`);
  }
}

/** Returns the error for an answer that did not come. `recorded` says what stands in the session; `null` says nothing of it. */
export function failureOfAnswer(
  answer: Exclude<Answer, { kind: 'answered' }>,
  { alias, id }: SessionRef,
  recorded: string | null,
  { timeout }: Pick<Patience, 'timeout'>,
): VerbError {
  const note = recorded === null ? '' : `; ${recorded}`;
  switch (answer.kind) {
    case 'empty':
      return new VerbError(EXIT.failed, `the model answered without any text${note}`);
    case 'failed':
      return new VerbError(EXIT.failed, `the turn failed: ${answer.reason}${note}`);
    case 'interrupted':
      return new VerbError(EXIT.failed, `the turn was cut off, and no server works on it${note}`);
    case 'silent':
      return new VerbError(EXIT.failed, `no answer began, and the session is idle${note}`);
    case 'withdrawn':
      return new VerbError(EXIT.failed, `the prompt was removed from ${id} while it was awaited`);
    case 'gone':
      return new VerbError(EXIT.notFound, `${id} on ${alias} was deleted`);
    case 'asks':
      return new VerbError(EXIT.failed, `${id} asks: ${describeRequest(answer.request)}`);
    case 'timeout':
      return failureOfTimeout(answer, recorded, timeout);
  }
}

function failureOfTimeout(
  { asks, unreachable }: Extract<Answer, { kind: 'timeout' }>,
  recorded: string | null,
  timeout: number,
): VerbError {
  const note = recorded === null ? '' : `; ${recorded}`;
  const late = `no answer within ${formatDuration(Math.round(timeout))}`;
  if (unreachable !== null) {
    return new VerbError(EXIT.timedOut, `${late}, and the server does not answer: ${unreachable}${note}`);
  }
  if (asks === null) return new VerbError(EXIT.timedOut, `${late}, and the turn still runs${note}`);
  const reply = asks.kind === 'permission' ? `ocr approve ${asks.id}` : `ocr answer ${asks.id} TEXT`;
  return new VerbError(EXIT.timedOut, `${late}: it asks: ${describeRequest(asks)}${note}`, {
    hint: `Reply with: ${reply}`,
  });
}

/** Returns a listener for the states of a wait: each is progress, and those that need the user are told once. */
export function tellProgress(
  desk: Desk,
  { alias, session: { id } }: Pick<SessionSeat, 'alias' | 'session'>,
): (state: string) => void {
  let last = '';
  return (state) => {
    desk.progress(`${id} on ${alias}: ${state}`);
    if (state === last) return;
    last = state;
    if (state === 'asks') desk.warn(`${id} asks something: see ocr permissions and ocr questions`);
    if (state === 'unreachable') desk.warn(`${alias}: the server does not answer; ocr keeps trying`);
  };
}
