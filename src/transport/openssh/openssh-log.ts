/**
 * How a command over ssh ended. ssh exits with the command's status, and with 255 if it failed itself, if the command
 * returned 255, or if a signal ended it. Its debug log tells these apart.
 */
export type SshEnd =
  /** The command ended by itself; `null` if a signal ended it. */
  | { readonly kind: 'exit'; readonly code: number | null }
  /**
   * A client of a master saw the session end without a status: by a signal on the host, or because the master is gone.
   */
  | { readonly kind: 'no-status' }
  /** The host is alive, but allows no further session. */
  | { readonly kind: 'no-channel'; readonly reason: string }
  | { readonly kind: 'failed' };

/** LogVerbose's prefix of a message: file, function, line and process. */
const PLACE = String.raw`(?:\S+\(\):\d+ \(pid=\d+\): )?`;
const STATUS = new RegExp(`^debug2: ${PLACE}Received exit status from master (\\d+)`, 'gm');
const REQUEST = new RegExp(
  `^debug1: ${PLACE}client_input_channel_req: channel \\d+ rtype (exit-status|exit-signal)`,
  'gm',
);
const REFUSAL = new RegExp(
  `^(?:${PLACE}\\S+: session request failed|${PLACE}Master refused session request|channel \\d+: open failed): (.+)`,
  'gm',
);
const MASTER_GONE = new RegExp(`^debug2: ${PLACE}(Control master terminated unexpectedly)`, 'gm');

/**
 * Parses the end from ssh's exit status and its log (texts of mux.c and clientloop.c, at DEBUG2 for a client of a
 * master, else DEBUG1). The log contains the command too, so only matches at the start of a line count, and the last
 * one wins.
 */
export function parseSshEnd(code: number | null, log: string): SshEnd {
  if (code !== 255) return { kind: 'exit', code };
  const last = (pattern: RegExp) => [...log.matchAll(pattern)].at(-1)?.[1];
  const status = last(STATUS);
  if (status !== undefined) return { kind: 'exit', code: Number(status) };
  const request = last(REQUEST);
  if (request !== undefined) return { kind: 'exit', code: request === 'exit-status' ? 255 : null };
  const refusal = last(REFUSAL);
  if (refusal !== undefined) return { kind: 'no-channel', reason: refusal.trim() };
  if (last(MASTER_GONE) !== undefined) return { kind: 'no-status' };
  return { kind: 'failed' };
}
