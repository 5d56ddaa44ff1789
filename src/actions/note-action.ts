import { recentActions } from '../lib/recent-actions.ts';

/** Remembers for a crash report that an action was started or a view opened; see `RecentActions.add`. */
export function noteAction(name: string): void {
  recentActions.add(name);
}
