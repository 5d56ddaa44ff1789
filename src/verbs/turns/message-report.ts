import * as z from 'zod';
import { possibleTime } from '../../domain/possible-time.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';

/** A message as scripts see it. Times are ISO 8601 of the host's clock. */
export const messageSchema = z.object({
  id: z.string(),
  /** The user message that an assistant's message answers. */
  parentID: z.string().nullable(),
  text: z.string(),
  finish: z.string().nullable(),
  /** Why it failed, on one line; `null` if it did not. */
  error: z.string().nullable(),
  agent: z.string().nullable(),
  /** `provider/model`. */
  model: z.string().nullable(),
  createdAt: z.string(),
  /** `null` while it works. */
  completedAt: z.string().nullable(),
});
export type MessageReport = z.output<typeof messageSchema>;

export function describeMessage(message: TurnMessage): MessageReport {
  const { id, parentId, text, finish, error, agent, model, created, completed } = message;
  const times = { createdAt: isoTime(created), completedAt: completed === null ? null : isoTime(completed) };
  return { id, parentID: parentId, text, finish, error, agent, model, ...times };
}

/** Returns a time in epoch milliseconds as ISO 8601. */
export function isoTime(epoch: number): string {
  return new Date(possibleTime(epoch)).toISOString();
}
