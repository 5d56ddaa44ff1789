/** The keys of one action. */
export interface KeyUse {
  readonly action: string;
  /** Keys and chords, such as `d` and `g c`. */
  readonly keys: readonly string[];
  /** The places where they work. */
  readonly modes: readonly string[];
  /** The line of the configuration that sets them, from 1; none for a default. */
  readonly line?: number;
  /** The user has made the action: a command or a saved filter. */
  readonly isOwn?: boolean;
}

/** Two actions with the same key in the same place. */
export interface KeyConflict {
  readonly key: string;
  /** The places that both share. */
  readonly modes: readonly string[];
  /** The action that keeps the key. */
  readonly kept: KeyUse;
  /** The action that loses it. */
  readonly off: KeyUse;
}

/**
 * Finds the keys that two actions share. The first line of the file wins: a line beats a default, a line further up beats a later one, and among defaults the
 * order of the list counts. A key that starts a chord (`g` beside `g c`, `ctrl+x` beside `ctrl+x s`) is no conflict: it waits for the rest of the chord.
 */
export function findKeyConflicts(uses: readonly KeyUse[]): KeyConflict[] {
  const conflicts: KeyConflict[] = [];
  const holders = new Map<string, KeyUse[]>();
  const byRank = uses.toSorted((a, b) => (a.line ?? Number.MAX_VALUE) - (b.line ?? Number.MAX_VALUE));
  for (const use of byRank) {
    for (const key of use.keys) {
      const kept = holders.get(key) ?? [];
      const rival = kept.find((other) => other.action !== use.action && shared(other, use).length > 0);
      if (rival === undefined) holders.set(key, [...kept, use]);
      else conflicts.push({ key, modes: shared(rival, use), kept: rival, off: use });
    }
  }
  return conflicts;
}

/** Describes a conflict with the lines of both sides; `path` is the configuration. */
export function describeKeyConflict({ key, kept, off }: KeyConflict, path: string): string {
  const side = ({ action, line, isOwn }: KeyUse) =>
    `${action} (${line !== undefined ? `line ${line}` : isOwn ? 'yours' : 'default'})`;
  const place = off.line ?? kept.line;
  return `${place === undefined ? '' : `${path}:${place}: `}${key} is the key of ${side(kept)} and ${side(off)}; it is off for ${off.action}`;
}

function shared(a: KeyUse, b: KeyUse): string[] {
  return a.modes.filter((mode) => b.modes.includes(mode));
}
