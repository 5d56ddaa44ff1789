import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import { applyTranscriptEvent } from '../../opencode/server/apply-transcript-event.ts';
import type { TranscriptEvent } from '../../opencode/server/transcript-event.ts';

type Messages = readonly TranscriptMessage[];

/** Marks text that was written before the listener started. */
const MISSED = '... ';

/**
 * Merges freshly read messages with the events received meanwhile and the earlier messages. opencode 1.18 stores a text
 * only once it is complete: a text being written is missing, and its missed part comes with its end.
 */
export function joinTranscript(read: Messages, known: Messages, told: readonly TranscriptEvent[]): Messages {
  const begun = new Set(told.flatMap((event) => (event.kind === 'part' ? [event.part.id] : [])));
  const whole = new Set<string>();
  const before = new Map(known.flatMap(({ parts }) => parts.map((part) => [part.id, textOf(part)])));
  const base = read.map((message) => {
    if (message.role !== 'assistant' || message.completed !== null || message.error !== null) return message;
    const parts = message.parts.map((part): TranscriptPart => {
      if (part.kind !== 'text' && part.kind !== 'reasoning') return part;
      if (part.text !== '') whole.add(part.id);
      if (part.text !== '' || begun.has(part.id)) return part;
      const text = before.get(part.id) ?? '';
      return { ...part, text: text.endsWith(MISSED) ? text : `${text}${MISSED}` };
    });
    return { ...message, parts };
  });
  return told.filter((event) => event.kind !== 'delta' || !whole.has(event.partId)).reduce(applyTold, base);
}

/**
 * Applies an event to the messages. Ignores updates of messages older than those read, which would add them without
 * content.
 */
export function applyTold(messages: Messages, event: TranscriptEvent): Messages {
  const [oldest] = messages;
  if (event.kind === 'message' && oldest !== undefined && event.message.id < oldest.id) return messages;
  return applyTranscriptEvent(messages, event);
}

function textOf(part: TranscriptPart): string {
  return part.kind === 'text' || part.kind === 'reasoning' ? part.text : '';
}
