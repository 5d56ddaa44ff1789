import type { AttentionItem } from '../fleet/select-attention.ts';
import { groupKey, hostKey, moreKey, projectKey, sessionKey } from './keys.ts';
import { selectedSession } from './selection.ts';
import { NO_KEYS, type OcrState } from './state.ts';
import type { Transition } from './transition.ts';
import type { TriageState } from './triage-state.ts';

/** Opens the view with the first one selected. */
export const triageBegun =
  (items: readonly AttentionItem[]): Transition =>
  () => ({ triage: { selected: items[0]?.key ?? null, index: 0, top: 0 } });
export const triageLeft: Transition = () => ({ triage: null });

/** Returns the index of the selected item; -1 if there are none. */
export function triageIndex(items: readonly AttentionItem[], { selected, index }: TriageState): number {
  const at = items.findIndex(({ key }) => key === selected);
  return at >= 0 ? at : Math.min(index, items.length - 1);
}

/** Moves the selection by some items, stopping at the ends. */
export const triageMoved =
  (items: readonly AttentionItem[], steps: number): Transition =>
  ({ triage }) => {
    if (triage === null || items.length === 0) return {};
    const index = Math.max(0, Math.min(items.length - 1, triageIndex(items, triage) + steps));
    return { triage: { selected: items[index]?.key ?? null, index, top: 0 } };
  };

export const triageScrolled =
  (lines: number, last: number): Transition =>
  ({ triage }) =>
    triage === null ? {} : { triage: { ...triage, top: Math.max(0, Math.min(last, triage.top + lines)) } };

/**
 * Selects the session that needs the user after (or before) the selected one, in order of waiting, and unfolds its
 * parents. Wraps around.
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

/** Unfolds the parents of a session, and selects it. */
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
  return {
    selected: selectedSession(alias, session.id),
    unfolded: new Map(state.unfolded).set(alias, ofHost),
    foldedGroups,
    ...(state.query === '' ? {} : { query: '', searching: false, finds: null }),
  };
}
