/** The configuration that decides a session's state, whichever face shows it. Durations are milliseconds. */
export interface FleetSettings {
  readonly showArchived: boolean;
  /** See `sessionStatus`. */
  readonly activeThreshold: number;
  readonly idleThreshold: number;
  /** Silence after which a working session counts as stalled. */
  readonly stalledAfter: number;
  /** How long a snoozed session stays out of the list. */
  readonly snooze: number;
  /** Hosts that may not be changed: all of them, or those listed by alias. */
  readonly readonly: boolean | ReadonlySet<string>;
}
