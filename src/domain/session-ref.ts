/** Identifies a session across hosts: opencode's ids are unique on one host only. */
export interface SessionRef {
  /** Name of the host in the ssh config. */
  readonly alias: string;
  /** opencode's id of the session, such as `ses_...`. */
  readonly id: string;
}
