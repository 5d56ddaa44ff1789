/** Milliseconds for which an answer is remembered. By then the server has reported it, and the id may be reused. */
const KEPT_MS = 30_000;
const MAX_KEPT = 500;

/** Times (epoch milliseconds) of the answers given here, by `answeredKey`. */
export type Answered = ReadonlyMap<string, number>;

/** Returns a key that is unique across hosts: two servers may use the same id. */
export function answeredKey(alias: string, server: string, id: string): string {
  return `${alias}\0${server}\0${id}`;
}

export function isAnswered(answered: Answered, key: string, now: number): boolean {
  const at = answered.get(key);
  return at !== undefined && now - at < KEPT_MS;
}

export function withAnswered(answered: Answered, key: string, now: number): Answered {
  const kept = [...answered].filter(([, at]) => now - at < KEPT_MS).slice(1 - MAX_KEPT);
  return new Map(kept).set(key, now);
}

export function withoutAnswered(answered: Answered, key: string): Answered {
  const next = new Map(answered);
  next.delete(key);
  return next;
}
