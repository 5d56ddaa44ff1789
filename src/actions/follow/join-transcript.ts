import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import { applyTranscriptEvent } from '../../opencode/server/apply-transcript-event.ts';
import type { TranscriptEvent } from '../../opencode/server/transcript-event.ts';

type Messages = readonly TranscriptMessage[];

/** Stands for text that was written before anybody listened. */
const MISSED = '... ';

/**
 * Messages that were just read, with what was told of them while they were being read, and what was known before. opencode 1.18 stores a text only once
 * it is whole: of one that is still being written it gives nothing, and what was missed of it comes with its end.
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

/** The messages after an event. News of a message that is older than those that were read would put it there without what it says. */
export function applyTold(messages: Messages, event: TranscriptEvent): Messages {
  const [oldest] = messages;
  if (event.kind === 'message' && oldest !== undefined && event.message.id < oldest.id) return messages;
  return applyTranscriptEvent(messages, event);
}

function textOf(part: TranscriptPart): string {
  return part.kind === 'text' || part.kind === 'reasoning' ? part.text : '';
}
