import * as z from 'zod';
import { encodeDirectory, type ServerCalls } from './server-calls.ts';
import { oneLine } from './server-error.ts';

/** A message as far as a turn is followed by it. Times are epoch milliseconds of the host's clock. */
export interface TurnMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly created: number;
  readonly completed: number | null;
  /** The user message that an assistant message answers. */
  readonly parentId: string | null;
  /** Why the model stopped, such as `stop` or `tool-calls`; `null` while it works. */
  readonly finish: string | null;
  /** Why the message failed, on one line. */
  readonly error: string | null;
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
  /** The system prompt that came with a user message. */
  readonly system: string | null;
  /** Its visible text parts, joined by a blank line. */
  readonly text: string;
  /** True if it calls tools. */
  readonly hasTools: boolean;
}

const optionalText = z.string().nullish();
const modelSchema = z.object({ providerID: optionalText, modelID: optionalText });
const messageSchema = z.object({
  info: modelSchema.extend({
    id: z.string(),
    role: z.enum(['user', 'assistant']),
    time: z.object({ created: z.number(), completed: z.number().nullish() }),
    parentID: optionalText,
    finish: optionalText,
    error: z
      .object({ name: z.string(), data: z.object({ message: optionalText }).nullish().catch(null) })
      .nullish()
      .catch({ name: 'an unknown error' }),
    agent: optionalText,
    model: modelSchema.nullish().catch(null),
    system: optionalText,
  }),
  parts: z.array(z.unknown()).catch([]),
});
const textSchema = z.object({
  type: z.literal('text'),
  text: z.string(),
  synthetic: z.boolean().nullish(),
  ignored: z.boolean().nullish(),
});

/** Reads the newest `limit` messages of a session, oldest first. Rejects with a ServerError. */
export async function readTurnMessages(
  calls: ServerCalls,
  { id, directory }: { readonly id: string; readonly directory: string },
  limit: number,
  signal: AbortSignal,
): Promise<readonly TurnMessage[]> {
  const query = { sessionID: id, directory: encodeDirectory(directory), limit };
  return await calls.call((sdk, options) => sdk.session.messages(query, options), parseTurnMessages, signal);
}

/** Parses `GET /session/ID/message`. Throws a ZodError on another shape. */
export function parseTurnMessages(value: unknown): readonly TurnMessage[] {
  return z
    .array(messageSchema)
    .parse(value)
    .map(({ info, parts }) => {
      const { providerID, modelID } = info.model ?? info;
      return {
        id: info.id,
        role: info.role,
        created: info.time.created,
        completed: info.time.completed ?? null,
        parentId: info.parentID ?? null,
        finish: info.finish ?? null,
        error: info.error == null ? null : oneLine(info.error.data?.message ?? info.error.name),
        agent: info.agent ?? null,
        model: providerID == null || modelID == null ? null : `${providerID}/${modelID}`,
        system: info.system ?? null,
        text: textOf(parts),
        hasTools: parts.some(isTool),
      };
    });
}

function isTool(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'tool';
}

function textOf(parts: readonly unknown[]): string {
  return parts
    .flatMap((part) => {
      const { data } = textSchema.safeParse(part);
      return data === undefined || data.synthetic || data.ignored || data.text.trim() === '' ? [] : [data.text];
    })
    .join('\n\n');
}
