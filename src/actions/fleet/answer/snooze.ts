import { formatAge } from '../../../domain/format.ts';
import { withSeen } from '../../../fleet/seen.ts';
import { selectHostAttention } from '../../../fleet/select-attention.ts';
import { say } from '../../feedback.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';

/** Snoozes sessions for the reason that they need the user now; wakes them if all of them are snoozed. */
export async function snoozeSessions({ fleet, store, clock }: ActionPorts, target: ActionTarget): Promise<void> {
  const now = clock();
  const { seen, settings, snoozed } = fleet.getState();
  const items = target.sessions.flatMap(({ entry, session }) => {
    const item = selectHostAttention(entry, seen, settings, now).get(session.id);
    return item === undefined ? [] : [item];
  });
  if (items.length === 0) return say(store, 'it does not need you now');
  const isQuiet = items.every(({ key }) => (snoozed.get(key) ?? 0) > now);
  const until = isQuiet ? 0 : now + settings.snooze;
  const changed = new Map([...snoozed].filter(([, time]) => time > now));
  for (const { key } of items) changed.set(key, until);
  fleet.setState({ snoozed: changed });
  say(store, isQuiet ? 'Snooze ended' : `Snoozed for ${formatAge(settings.snooze)}; press again to wake`);
}

/** Marks sessions as seen: what ended or failed before now is not news. */
export async function markSessionsSeen({ fleet, clock }: ActionPorts, target: ActionTarget): Promise<void> {
  fleet.setState(({ seen }) => ({
    seen: target.sessions.reduce((noted, { entry, session }) => {
      const now = clock() + (entry.snapshot?.clockOffset ?? 0);
      return withSeen(noted, entry.host.alias, [session.id], Math.max(now, session.updated));
    }, seen),
  }));
}
