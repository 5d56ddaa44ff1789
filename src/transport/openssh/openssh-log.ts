/**
 * What the end of a command over ssh was. ssh exits with the command's status, and with 255 both when it failed itself and when the command gave
 * 255 or was ended by a signal; its log at a debug level tells them apart.
 */
export type SshEnd =
  /** The command ended by itself; `null` when a signal ended it. */
  | { readonly kind: 'exit'; readonly code: number | null }
  /** A client of a master saw the session end without a status: a signal on the host, or the master itself is gone. */
  | { readonly kind: 'no-status' }
  /** The host is there, but gives no further session. */
  | { readonly kind: 'no-channel'; readonly reason: string }
  | { readonly kind: 'failed' };

/** What LogVerbose puts before a message: file, function, line and process. */
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
 * Reads the end from ssh's exit status and its log; texts of mux.c and clientloop.c, at DEBUG2 for a client of a master, else DEBUG1. The log holds
 * the command as well, so only the beginning of a line counts, and the last such.
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
