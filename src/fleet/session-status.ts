/** The statuses of a session, see `sessionStatus`. */
export const SESSION_STATUSES = [
  'waiting',
  'working',
  'retry',
  'errored',
  'active',
  'idle',
  'cold',
  'archived',
  'interrupted',
  'unknown',
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];
