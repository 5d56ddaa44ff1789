import * as z from 'zod';
import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import { parseMessage, parsePart } from './transcript-shape.ts';

/** Something that happened to the messages of a session. */
export type TranscriptEvent =
  /** The event stream has started or restarted: earlier events may be missing. */
  | { readonly kind: 'restart' }
  /** A message was created or changed; its parts come separately. */
  | { readonly kind: 'message'; readonly message: TranscriptMessage }
  | { readonly kind: 'message-removed'; readonly messageId: string }
  | { readonly kind: 'part'; readonly messageId: string; readonly part: TranscriptPart }
  | { readonly kind: 'part-removed'; readonly messageId: string; readonly partId: string }
  /** More text of a part. */
  | { readonly kind: 'delta'; readonly messageId: string; readonly partId: string; readonly text: string };

const messageId = z.string();
const updatedPart = z.object({ part: z.looseObject({ messageID: messageId }) });
const removedPart = z.object({ messageID: messageId, partID: z.string() });
const deltaSchema = removedPart.extend({ field: z.string(), delta: z.string() });

/** `null` where the event changes nothing that is shown. Throws a ZodError on one that is not as expected. */
export function parseTranscriptEvent(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): TranscriptEvent | null {
  switch (type) {
    case 'message.updated':
      return { kind: 'message', message: parseMessage(properties.info) };
    case 'message.removed':
      return { kind: 'message-removed', messageId: messageId.parse(properties.messageID) };
    case 'message.part.updated': {
      const { part } = updatedPart.parse(properties);
      const shown = parsePart(part);
      return shown === null ? null : { kind: 'part', messageId: part.messageID, part: shown };
    }
    case 'message.part.removed': {
      const { messageID, partID } = removedPart.parse(properties);
      return { kind: 'part-removed', messageId: messageID, partId: partID };
    }
    case 'message.part.delta': {
      const { messageID, partID, field, delta } = deltaSchema.parse(properties);
      return field === 'text' ? { kind: 'delta', messageId: messageID, partId: partID, text: delta } : null;
    }
    default:
      return null;
  }
}
