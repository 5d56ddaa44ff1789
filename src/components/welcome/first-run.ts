import { hostStatus } from '../../domain/fleet.ts';
import { LOCAL_ALIAS } from '../../domain/host.ts';
import type { OcrState } from '../../store/state.ts';
import type { OfflineFacts } from './offline-lines.ts';

/** True while there is nothing to show: no host of the ssh config, and this machine was asked and has no opencode. */
export function isFirstRun({
  discovered,
  entries,
  settings,
}: Pick<OcrState, 'discovered' | 'entries' | 'settings'>): boolean {
  if (!discovered || settings.demo) return false;
  for (const [alias, entry] of entries) {
    if (alias !== LOCAL_ALIAS || entry.snapshot !== null || entry.failure === null) return false;
  }
  return true;
}

/** Returns why no host answers, once all of them have failed; `null` while one has not. This machine does not count. */
export function offlineFacts({ entries }: Pick<OcrState, 'entries'>): OfflineFacts | null {
  const remote = [...entries.values()].filter(({ host }) => host.route.kind !== 'local');
  if (remote.length === 0 || remote.some((entry) => hostStatus(entry) !== 'offline')) return null;
  const reasons = new Map<string, number>();
  for (const { failure } of remote) {
    const reason = failure?.reason ?? '';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const [common] = [...reasons].sort(([, a], [, b]) => b - a);
  return {
    hosts: remote.length,
    alike: common?.[1] ?? 0,
    reason: common?.[0] || null,
    within: null,
    hasLastState: remote.some(({ snapshot }) => snapshot !== null),
  };
}
