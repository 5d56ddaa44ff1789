/** Use of one session on one day of this machine's calendar, by the messages that began on it. */
export interface DayUse {
  /** The midnight at which that day began here, epoch milliseconds of this machine's clock. */
  readonly since: number;
  /** US dollars. */
  readonly cost: number;
  /** All tokens that went to the model, `cached` among them. */
  readonly tokensIn: number;
  /** All tokens that the model returned, with its reasoning. */
  readonly tokensOut: number;
  /** Tokens that the provider read from its cache. */
  readonly cached: number;
  /** Prompts, by the user or by the session that started a subagent. */
  readonly turns: number;
}

/** Returns the last local midnight, epoch milliseconds. */
export function startOfDay(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Returns the local midnight `days` calendar days after the one before `now`; negative for earlier days. */
export function dayFrom(now: number, days: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
