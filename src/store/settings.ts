import type { TreeOrder } from '../fleet/project-tree.ts';
import type { FleetSettings } from '../fleet/settings.ts';

/** The part of the configuration that decides how the dashboard shows the fleet. */
export interface ViewSettings extends FleetSettings, TreeOrder {
  /** Sessions of one project that are listed before the rest is folded into one row. */
  readonly maxDisplay: number;
  /** Headings for configured groups and for hosts that cannot be read. */
  readonly groups: boolean;
  /** More than the clock moves by itself, such as spinners. */
  readonly animation: boolean;
  /** Enter on a session that asks something offers the answers; else it opens the session. */
  readonly enterAnswers: boolean;
  /** Columns that the user chose, by view; `null` for those that fit. */
  readonly columns: { readonly [View in 'fleet' | 'sessions' | 'hosts']: readonly string[] | null };
  /** The hosts are simulated. */
  readonly demo: boolean;
}
