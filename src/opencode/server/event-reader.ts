import * as z from 'zod';
import type { LiveEvent } from '../../domain/live.ts';
import type { Clock } from '../../lib/clock.ts';
import { readEventHead } from './event-head.ts';
import type { FirstSeen } from './first-seen.ts';
import { MessageWatch } from './message-watch.ts';
import { parsePermission, parseQuestion } from './request-shape.ts';
import { oneLine } from './server-error.ts';
import { checkSession, factsOf } from './session-shape.ts';
import { parseStatus } from './status-shape.ts';
import { parseTranscriptEvent } from './transcript-event.ts';
import type { TranscriptWatchers } from './transcript-watchers.ts';

const envelopeSchema = z.object({
  directory: z.string().nullish(),
  payload: z.object({ id: z.string().nullish(), type: z.string(), properties: z.record(z.string(), z.unknown()) }),
});
type Envelope = z.infer<typeof envelopeSchema>;
type Properties = Envelope['payload']['properties'];

const ofSession = z.object({ sessionID: z.string() });
const settledSchema = ofSession.extend({
  requestID: z.string(),
  reply: z.enum(['once', 'always', 'reject']).nullish(),
});
const todosSchema = ofSession.extend({ todos: z.array(z.object({ status: z.string() })) });
const errorSchema = ofSession.extend({
  error: z.object({ name: z.string(), data: z.object({ message: z.string() }).nullish().catch(null) }),
});
const messageSchema = ofSession.extend({
  info: z.object({
    id: z.string(),
    role: z.enum(['user', 'assistant']),
    time: z.object({ created: z.number() }),
  }),
});

/** A turn that the user stopped has not failed. */
const STOPPED_BY_USER = 'MessageAbortedError';
const DONE = new Set(['completed', 'cancelled']);

/** Events that only show that a session works, unless its messages are being watched. */
const ACTIVITY = new Set(['message.part.delta', 'message.part.updated', 'message.part.removed', 'message.removed']);
const HANDLED = new Set([
  'session.created',
  'session.updated',
  'session.deleted',
  'session.status',
  'session.idle',
  'session.error',
  'permission.asked',
  'permission.replied',
  'question.asked',
  'question.replied',
  'question.rejected',
  'todo.updated',
  'message.updated',
]);

/** Interprets the events of one server. Drops irrelevant ones before parsing. */
export class EventReader {
  readonly #firstSeen: FirstSeen;
  readonly #watchers: TranscriptWatchers;
  readonly #messages: MessageWatch;

  constructor({ clock, firstSeen, watchers }: { clock: Clock; firstSeen: FirstSeen; watchers: TranscriptWatchers }) {
    this.#firstSeen = firstSeen;
    this.#watchers = watchers;
    this.#messages = new MessageWatch(clock);
  }

  /**
   * Parses the data of one event; `null` if it is irrelevant. Ignores an unreadable event: the next poll makes up for
   * it.
   */
  read(data: string): LiveEvent | null {
    const head = readEventHead(data);
    if (head !== undefined) {
      const { type, sessionId } = head;
      if (ACTIVITY.has(type) && sessionId !== null && !this.#watchers.has(sessionId)) return this.#activity(sessionId);
      if (type === 'server.connected') this.#watchers.notifyAll({ kind: 'restart' });
      if (!HANDLED.has(type) && !ACTIVITY.has(type)) return null;
    }
    const envelope = parseEnvelope(data);
    try {
      return envelope === null ? null : this.#readEnvelope(envelope);
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #readEnvelope({ directory, payload: { id, type, properties } }: Envelope): LiveEvent | null {
    switch (type) {
      case 'session.created':
      case 'session.updated':
        return { kind: 'session', facts: factsOf(checkSession(properties.info)) };
      case 'session.deleted':
        return this.#deleted(ofSession.parse(properties).sessionID);
      case 'session.idle':
        return { kind: 'status', sessionId: ofSession.parse(properties).sessionID, status: { kind: 'idle' } };
      case 'session.status':
        return readStatus(properties);
      case 'session.error':
        return readError(properties);
      case 'permission.asked':
        return { kind: 'asked', request: parsePermission(properties, this.#context(directory)) };
      case 'question.asked':
        return { kind: 'asked', request: parseQuestion(properties, this.#context(directory)) };
      case 'permission.replied':
      case 'question.replied':
      case 'question.rejected':
        return this.#settled(type, properties);
      case 'todo.updated':
        return readTodos(properties);
      case 'message.updated':
        return this.#message(id ?? '', type, properties);
      default:
        return ACTIVITY.has(type) ? this.#watched(type, properties) : null;
    }
  }

  #context(directory: string | null | undefined) {
    return { directory: directory ?? '', since: (id: string) => this.#firstSeen.since(id) };
  }

  #deleted(sessionId: string): LiveEvent {
    this.#messages.forget(sessionId);
    return { kind: 'deleted', sessionId };
  }

  #settled(type: string, properties: Properties): LiveEvent {
    const { sessionID, requestID, reply } = settledSchema.parse(properties);
    this.#firstSeen.forget(requestID);
    const how = type === 'question.replied' ? 'answered' : reply == null || reply === 'reject' ? 'rejected' : reply;
    return { kind: 'settled', requestId: requestID, sessionId: sessionID, how };
  }

  #message(eventId: string, type: string, properties: Properties): LiveEvent | null {
    const { sessionID: sessionId, info } = messageSchema.parse(properties);
    const activity = this.#watched(type, properties);
    const begun = this.#messages.isBegun({ sessionId, messageId: info.id, created: info.time.created, eventId });
    return begun ? { kind: 'message', sessionId, messageId: info.id, role: info.role } : activity;
  }

  /** Hands the event on to those who watch the session's messages. */
  #watched(type: string, properties: Properties): LiveEvent | null {
    const sessionId = ofSession.parse(properties).sessionID;
    if (this.#watchers.has(sessionId)) {
      const event = parseTranscriptEvent(type, properties);
      if (event !== null) this.#watchers.tell(sessionId, event);
    }
    return this.#activity(sessionId);
  }

  #activity(sessionId: string): LiveEvent | null {
    return this.#messages.isWorthTelling(sessionId) ? { kind: 'activity', sessionId } : null;
  }
}

function parseEnvelope(data: string): Envelope | null {
  try {
    return envelopeSchema.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}

function readStatus(properties: Properties): LiveEvent | null {
  const status = parseStatus(properties.status);
  return status === null ? null : { kind: 'status', sessionId: ofSession.parse(properties).sessionID, status };
}

function readError(properties: Properties): LiveEvent | null {
  const { sessionID, error } = errorSchema.parse(properties);
  if (error.name === STOPPED_BY_USER) return null;
  return { kind: 'error', sessionId: sessionID, name: error.name, message: oneLine(error.data?.message ?? error.name) };
}

function readTodos(properties: Properties): LiveEvent {
  const { sessionID, todos } = todosSchema.parse(properties);
  const done = todos.filter(({ status }) => DONE.has(status)).length;
  return { kind: 'todo', sessionId: sessionID, done, total: todos.length };
}
