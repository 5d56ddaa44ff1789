/** Something that ocr did on a host. */
export interface Activity {
  /** When it began, epoch milliseconds of this machine's clock. */
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
  /** A request or a command, without any secret. */
  readonly what: string;
  /** The result, on one line. */
  readonly result: string;
}

/** Activities kept for each host. */
const MAX_ACTIVITIES = 200;

/** The last ones, oldest first. */
export function withActivity(before: readonly Activity[], activity: Activity): readonly Activity[] {
  return [...before.slice(-(MAX_ACTIVITIES - 1)), activity];
}
