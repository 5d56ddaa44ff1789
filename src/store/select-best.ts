import { type Selection, selectedHost, selectedSession } from './selection.ts';
import type { HostFinds, OcrState } from './state.ts';

/**
 * Selects the best match among sessions; if no session matches by title or id, a host whose name matches. Without words all match alike: then a
 * selected session that matches stays selected.
 */
export function selectBest(
  state: OcrState,
  finds: ReadonlyMap<string, HostFinds>,
  words: readonly string[],
): Partial<OcrState> {
  if (words.length === 0 && isSelectionFound(state, finds)) return {};
  let best: { selected: Selection; score: number } | null = null;
  for (const [alias, found] of finds) {
    const score = found.best?.score ?? -1;
    if (found.host && (best === null || best.score <= 0)) best = { selected: selectedHost(alias), score: 0.5 };
    if (found.best !== null && score > (best?.score ?? -1))
      best = { selected: selectedSession(alias, found.best.id), score };
  }
  return { selected: best?.selected ?? state.selected };
}

function isSelectionFound({ selected }: OcrState, finds: ReadonlyMap<string, HostFinds>): boolean {
  const session = selected?.session ?? null;
  return session !== null && (finds.get(session.alias)?.sessions.has(session.id) ?? false);
}
