/** What of the configuration decides on how the fleet is shown. */
export interface ViewSettings {
  readonly sortBy: 'last_activity' | 'name' | 'host';
  readonly showArchived: boolean;
  /** Sessions of one project that are listed before the rest is folded into one row. */
  readonly maxDisplay: number;
  /** Milliseconds, see `sessionStatus`. */
  readonly activeThreshold: number;
  readonly idleThreshold: number;
  /** Milliseconds without a word after which a session at work counts as stalled. */
  readonly stalledAfter: number;
  /** Milliseconds that a snoozed session is quiet. */
  readonly snooze: number;
  /** Nothing may be changed, on any host or on those listed. */
  readonly readonly: boolean | ReadonlySet<string>;
}
