import type { SessionRef } from '../../domain/session-ref.ts';
import { describeRequest } from '../../domain/user-request.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import { type Answer, awaitAnswer } from '../../operations/turns/await-answer.ts';
import { type PromptInput, recordPrompt } from '../../operations/turns/record-prompt.ts';
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
  ref: SessionRef,
  prompt: PromptInput,
  patience: Patience,
): Promise<ProvenTurn> {
  const context = await desk.context();
  const { session, message: sent } = await recordPrompt(context, ref, prompt, desk.signal);
  const recorded = `the prompt is recorded as ${sent.id} in ${ref.id}`;
  const wanted = { session, alias: ref.alias, promptId: sent.id, ...patience, untilAsked: false };
  try {
    const answer = await awaitAnswer(context, { ...wanted, tell: tellProgress(desk, ref) }, desk.signal);
    if (answer.kind === 'answered') return { promptId: sent.id, message: answer.message };
    throw failureOfAnswer(answer, ref, recorded, patience);
  } catch (error) {
    const { aborted, reason } = desk.signal;
    if (!aborted || !(reason instanceof VerbError)) throw error;
    throw new VerbError(reason.status, `${reason.message}: ${recorded}, and its answer was not awaited`);
  }
}

/** Returns the error for an answer that did not come. `recorded` says what stands in the session. */
export function failureOfAnswer(
  answer: Exclude<Answer, { kind: 'answered' }>,
  { alias, id }: SessionRef,
  recorded: string,
  { timeout }: Pick<Patience, 'timeout'>,
): VerbError {
  switch (answer.kind) {
    case 'empty':
      return new VerbError(EXIT.failed, `the model answered without any text; ${recorded}`);
    case 'failed':
      return new VerbError(EXIT.failed, `the turn failed: ${answer.reason}; ${recorded}`);
    case 'interrupted':
      return new VerbError(EXIT.failed, `the turn was cut off, and no server works on it; ${recorded}`);
    case 'silent':
      return new VerbError(EXIT.failed, `no answer began, and the session is idle; ${recorded}`);
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
  recorded: string,
  timeout: number,
): VerbError {
  const late = `no answer within ${formatDuration(Math.round(timeout))}`;
  if (unreachable !== null) {
    return new VerbError(EXIT.timedOut, `${late}, and the server does not answer: ${unreachable}; ${recorded}`);
  }
  if (asks === null) return new VerbError(EXIT.timedOut, `${late}, and the turn still runs; ${recorded}`);
  const reply = asks.kind === 'permission' ? `ocr approve ${asks.id}` : `ocr answer ${asks.id} TEXT`;
  return new VerbError(EXIT.timedOut, `${late}: it asks: ${describeRequest(asks)}; ${recorded}`, {
    hint: `Reply with: ${reply}`,
  });
}

/** Returns a listener for the states of a wait: each is progress, and those that need the user are told once. */
export function tellProgress(desk: Desk, { alias, id }: SessionRef): (state: string) => void {
  let last = '';
  return (state) => {
    desk.progress(`${id} on ${alias}: ${state}`);
    if (state === last) return;
    last = state;
    if (state === 'asks') desk.warn(`${id} asks something: see ocr permissions and ocr questions`);
    if (state === 'unreachable') desk.warn(`${alias}: the server does not answer; ocr keeps trying`);
  };
}
