import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import type { TranscriptEvent } from './transcript-event.ts';

type Messages = readonly TranscriptMessage[];

/** The messages after an event; the same array where it changes nothing. Ids ascend, and messages and parts stand in their order. */
export function applyTranscriptEvent(messages: Messages, event: TranscriptEvent): Messages {
  switch (event.kind) {
    case 'restart':
      return messages;
    case 'message':
      return put(messages, event.message, (old) => ({ ...event.message, parts: old.parts }));
    case 'message-removed':
      return without(messages, event.messageId);
    case 'part':
      return changeParts(messages, event.messageId, (parts) => put(parts, event.part, () => event.part));
    case 'part-removed':
      return changeParts(messages, event.messageId, (parts) => without(parts, event.partId));
    case 'delta':
      return changeParts(messages, event.messageId, (parts) => grow(parts, event.partId, event.text));
  }
}

/** A part of an unknown message: older than the messages read, or its own event was lost. */
function changeParts(messages: Messages, id: string, change: (parts: Parts) => Parts): Messages {
  const index = messages.findLastIndex((message) => message.id === id);
  const message = messages[index];
  if (message === undefined) return messages;
  const parts = change(message.parts);
  return parts === message.parts ? messages : messages.with(index, { ...message, parts });
}

type Parts = readonly TranscriptPart[];

function grow(parts: Parts, id: string, text: string): Parts {
  const index = parts.findLastIndex((part) => part.id === id);
  const part = parts[index];
  if (part === undefined || (part.kind !== 'text' && part.kind !== 'reasoning')) return parts;
  return parts.with(index, { ...part, text: part.text + text });
}

/** Replaces the item with that id by the result of `merge`, or inserts a new one in order of ids. */
function put<Item extends { readonly id: string }>(
  items: readonly Item[],
  item: Item,
  merge: (old: Item) => Item,
): readonly Item[] {
  const index = items.findLastIndex(({ id }) => id === item.id);
  const old = items[index];
  if (old !== undefined) return items.with(index, merge(old));
  return items.toSpliced(items.findLastIndex(({ id }) => id < item.id) + 1, 0, item);
}

function without<Item extends { readonly id: string }>(items: readonly Item[], id: string): readonly Item[] {
  return items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items;
}
