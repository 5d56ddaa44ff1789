import type { AttentionItem } from '../fleet/select-attention.ts';
import { groupKey, hostKey, moreKey, projectKey, sessionKey, UNREACHABLE_KEY } from './keys.ts';
import { selectedSession } from './selection.ts';
import { NO_KEYS, type OcrState } from './state.ts';
import type { Transition } from './transition.ts';

/** Requests that block an agent come first, then what went wrong, then what is done; each by the longest wait. */
const RANKS: Readonly<Record<AttentionItem['attention']['kind'], number>> = {
  permission: 0,
  question: 0,
  stalled: 1,
  error: 2,
  ended: 3,
};

/** Returns the items in the order of the triage view. */
export function inTriageOrder(items: readonly AttentionItem[]): readonly AttentionItem[] {
  return [...items].sort(({ attention: a }, { attention: b }) => RANKS[a.kind] - RANKS[b.kind] || a.since - b.since);
}

/** Scrolls the request of the selected session, up to `last` as the first line. */
export const requestScrolled =
  (lines: number, last: number): Transition =>
  ({ requestTop }) => ({ requestTop: Math.max(0, Math.min(last, requestTop + lines)) });

/**
 * Selects the session that needs the user after (or before) the selected one, in the order of the triage view, and
 * unfolds its parents. Wraps around.
 */
export const attentionJumped =
  (items: readonly AttentionItem[], steps: 1 | -1): Transition =>
  (state) => {
    const keys = items.map(({ entry, session }) => sessionKey(entry.host.alias, session.id));
    const at = state.selected === null ? -1 : keys.indexOf(state.selected.key);
    const next = at < 0 && steps < 0 ? items.length - 1 : (at + steps + items.length) % items.length;
    const item = items[next];
    return item === undefined ? {} : revealed(state, item);
  };

/** Unfolds the parents of a session in the tree, and selects it. */
export function revealed(
  state: OcrState,
  { entry, session }: Pick<AttentionItem, 'entry' | 'session'>,
): Partial<OcrState> {
  const { alias, group } = entry.host;
  const ofHost = new Set(state.unfolded.get(alias) ?? NO_KEYS);
  ofHost.add(hostKey(alias)).add(projectKey(alias, session.project));
  const listed = entry.snapshot?.sessions.filter(
    ({ project, parentId, archived }) => project === session.project && parentId === null && archived === null,
  );
  if ((listed?.length ?? 0) > state.settings.maxDisplay) ofHost.add(moreKey(alias, session.project));
  const foldedGroups = new Set(state.foldedGroups);
  foldedGroups.delete(groupKey(group));
  foldedGroups.delete(UNREACHABLE_KEY);
  return {
    selected: selectedSession(alias, session.id),
    unfolded: new Map(state.unfolded).set(alias, ofHost),
    foldedGroups,
    ...(state.query === '' ? {} : { query: '', input: null, finds: null }),
  };
}
