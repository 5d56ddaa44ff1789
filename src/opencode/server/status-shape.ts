import * as z from 'zod';
import type { LiveStatus } from '../../domain/live.ts';

const statusSchema = z.union([
  z.object({ type: z.literal('busy') }),
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('retry'), attempt: z.number(), message: z.string().catch(''), next: z.number().catch(0) }),
]);

/** `null` for a status that this version does not know. */
export function parseStatus(value: unknown): LiveStatus | null {
  const { success, data } = statusSchema.safeParse(value);
  if (!success) return null;
  if (data.type !== 'retry') return { kind: data.type };
  return { kind: 'retry', attempt: data.attempt, message: data.message, next: data.next };
}

/** The sessions that are busy or retry, by id. */
export function parseStatuses(value: unknown): ReadonlyMap<string, LiveStatus> {
  const statuses = new Map<string, LiveStatus>();
  for (const [id, said] of Object.entries(z.record(z.string(), z.unknown()).parse(value))) {
    const status = parseStatus(said);
    if (status !== null && status.kind !== 'idle') statuses.set(id, status);
  }
  return statuses;
}
