import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import { withSeen } from '../fleet/seen.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { OperationContext } from './context.ts';

/** A session with its host, as known at one moment. */
export interface TargetSession {
  readonly entry: HostEntry;
  readonly session: Session;
}

export function refOf({ entry, session }: TargetSession): SessionRef {
  return { alias: entry.host.alias, id: session.id };
}

/** Returns a session as known now; `null` if it is not listed. */
export function knownSession({ fleet }: Pick<OperationContext, 'fleet'>, { alias, id }: SessionRef) {
  const entry = fleet.getState().entries.get(alias);
  const session = entry?.snapshot?.sessions.find((one) => one.id === id);
  return entry === undefined || session === undefined ? null : { entry, session };
}

/** A host has no such session. */
export class SessionNotFound extends ExpectedError {
  override readonly name = 'SessionNotFound';
}

/** Returns a session; polls its host if it is not listed, since it may be new. Rejects with a SessionNotFound if it is not there. */
export async function findSession(
  context: Pick<OperationContext, 'fleet' | 'refreshHost'>,
  ref: SessionRef,
): Promise<TargetSession> {
  const known = knownSession(context, ref);
  if (known !== null) return known;
  await context.refreshHost(ref.alias);
  const found = knownSession(context, ref);
  if (found === null) throw new SessionNotFound(`there is no session ${ref.id} on ${ref.alias}`);
  return found;
}

/** Returns the time on a host's clock, epoch milliseconds. */
export function hostNow({ clock }: Pick<OperationContext, 'clock'>, { snapshot }: HostEntry): number {
  return clock() + (snapshot?.clockOffset ?? 0);
}

/**
 * Marks a session as seen.
 *
 * @param ahead milliseconds from now whose events were caused from here, and are seen too
 */
export function markSeen(
  context: Pick<OperationContext, 'fleet' | 'clock'>,
  { entry, session }: TargetSession,
  ahead = 0,
): void {
  const at = hostNow(context, context.fleet.getState().entries.get(entry.host.alias) ?? entry) + ahead;
  context.fleet.setState(({ seen }) => ({ seen: withSeen(seen, entry.host.alias, [session.id], at) }));
}

/** Returns the path of opencode on a host; `null` if the host never answered. */
export function opencodePathOf({ snapshot }: HostEntry): string | null {
  return snapshot?.opencode.path ?? null;
}
