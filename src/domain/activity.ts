/** Something that ocr did on a host. */
export interface Activity {
  /** When it began, epoch milliseconds of this machine's clock. */
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
  /** A request or a command, without any secret. */
  readonly what: string;
  /** One line: what came of it. */
  readonly result: string;
}

/** How many of them are kept for each host. */
const KEPT = 200;

/** The last ones, oldest first. */
export function withActivity(before: readonly Activity[], activity: Activity): readonly Activity[] {
  return [...before.slice(-(KEPT - 1)), activity];
}
