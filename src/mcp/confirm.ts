import { printable } from '../domain/printable.ts';
import type { Desk } from '../verbs/desk.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';
import type { VerbSpec } from '../verbs/spec.ts';
import type { ToolInput } from './tool-input.ts';
import { toolNameOf } from './tools.ts';

/** Asks the client's user; `true` only for an explicit yes. `null` if the client cannot ask. */
export type AskUser = ((question: string) => Promise<boolean>) | null;

type Input = Record<string, unknown>;

/** Characters of a value in a question, such as a prompt. */
const MAX_VALUE_CHARS = 300;

/**
 * Returns the input of a verb that destroys, once that is confirmed: with the session that the user was shown, since a title may fit another one by now.
 * Rejects with a VerbError if it is refused. Nothing was changed then.
 */
export async function confirmed(desk: Desk, spec: VerbSpec, given: ToolInput, ask: AskUser): Promise<Input> {
  const input = given.verb;
  if (ask === null && !given.isConfirmed) {
    throw new VerbError(EXIT.refused, `${toolNameOf(spec)} destroys something, so the call must hold confirm: true`, {
      hint: 'Ask the user first. This client cannot be asked by the server, as it has no elicitation.',
    });
  }
  const { session, on } = input;
  if (typeof session !== 'string') {
    await agree(spec, input, [], ask);
    return input;
  }
  const found = await desk.session(session, Array.isArray(on) ? on.map(String) : []);
  const { alias } = found.entry.host;
  const { id, title, directory } = found.session;
  await agree(spec, input, [`Session: ${title || 'untitled'}`, `${id} on ${alias}, in ${directory}`], ask);
  return { ...input, session: id, on: [alias] };
}

async function agree(spec: VerbSpec, input: Input, about: readonly string[], ask: AskUser): Promise<void> {
  if (ask === null) return;
  if (await ask([`ocr ${spec.name}: ${spec.summary}.`, ...about, ...given(spec, input)].map(printable).join('\n')))
    return;
  throw new VerbError(EXIT.refused, 'the user did not confirm it, so nothing was changed');
}

/** Returns a line for each option of the call, such as `noExport: delete it for good`. */
function given({ params }: VerbSpec, input: Input): string[] {
  return Object.entries(params).flatMap(([name, { kind, what }]) => {
    const value = input[name];
    if (kind === 'flag') return value === true ? [`${name}: ${what}`] : [];
    if (name === 'session' || name === 'on' || kind !== 'text' || typeof value !== 'string') return [];
    return [`${name}: ${value.length > MAX_VALUE_CHARS ? `${value.slice(0, MAX_VALUE_CHARS)}…` : value}`];
  });
}
