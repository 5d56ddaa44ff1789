import type { InteractiveExit } from '../transport.ts';

/** What ssh2 reports when a session's channel closes (lib/utils.js, onCHANNEL_CLOSE): exit status, or `null` and a signal; nothing without either. */
export type ExitArguments = readonly [code?: number | null, signal?: string];

/**
 * Returns how a program ended, from the arguments of the channel's `close`; `undefined` if the host did not say. ssh2's `exit` has the same, but a quick
 * program's comes in the same read as the answer that opens the channel, before anyone can listen.
 */
export function exitOf([code, signal]: ExitArguments): InteractiveExit | undefined {
  return code === undefined ? undefined : { code, signal: signal ?? null };
}
