/** Milliseconds for which an answer is remembered: by then the server has told that it was taken, and an id may be used again. */
const KEPT_MS = 30_000;
const MOST_KEPT = 500;

/** When (epoch milliseconds) requests were answered here, by `answeredKey`. */
export type Answered = ReadonlyMap<string, number>;

/** Names a request among those of all hosts: two servers may use the same id. */
export function answeredKey(alias: string, server: string, id: string): string {
  return `${alias}\0${server}\0${id}`;
}

export function isAnswered(answered: Answered, key: string, now: number): boolean {
  const at = answered.get(key);
  return at !== undefined && now - at < KEPT_MS;
}

export function withAnswered(answered: Answered, key: string, now: number): Answered {
  const kept = [...answered].filter(([, at]) => now - at < KEPT_MS).slice(1 - MOST_KEPT);
  return new Map(kept).set(key, now);
}

export function withoutAnswered(answered: Answered, key: string): Answered {
  const next = new Map(answered);
  next.delete(key);
  return next;
}
