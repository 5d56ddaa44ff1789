/** Exit statuses, the same for every verb. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  timedOut: 5,
  refused: 6,
  interrupted: 130,
} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** The exit statuses for the help. */
export const EXIT_NOTES: readonly (readonly [ExitStatus, string])[] = [
  [EXIT.done, 'done; a listing also where hosts could not be asked (named on stderr)'],
  [EXIT.failed, 'failed'],
  [EXIT.usage, 'wrong usage or configuration; an ambiguous name'],
  [EXIT.unreachable, 'a named target cannot be reached'],
  [EXIT.notFound, 'not found'],
  [EXIT.timedOut, 'timed out'],
  [EXIT.refused, 'refused: the host is read-only, or the model is not allowed'],
  [EXIT.interrupted, 'interrupted'],
];
