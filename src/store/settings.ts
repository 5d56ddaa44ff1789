/** What of the configuration decides on how the fleet is shown. */
export interface ViewSettings {
  readonly sortBy: 'last_activity' | 'name' | 'host';
  readonly showArchived: boolean;
  /** Sessions of one project that are listed before the rest is folded into one row. */
  readonly maxDisplay: number;
  /** Milliseconds, see `sessionStatus`. */
  readonly activeThreshold: number;
  readonly idleThreshold: number;
}
