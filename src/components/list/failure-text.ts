import type { ProbeFailure } from '../../domain/snapshot.ts';

const STATUS_WORDS = {
  offline: 'offline',
  'auth-required': 'auth required',
  'host-key-unknown': 'host key unknown',
  'host-key-changed': 'host key changed',
  blocked: 'blocked',
  'no-shell': 'no shell',
  'no-opencode': 'no opencode',
  error: 'error',
} as const satisfies Record<ProbeFailure['status'], string>;

/**
 * Returns why a host cannot be read, on one line: its state and the reason, without repetition. Foreign text is as it
 * came.
 */
export function failureText({ status, reason, blockedBy }: ProbeFailure): string {
  const words = STATUS_WORDS[status];
  if (reason.startsWith(words)) return reason;
  if (status === 'blocked' && blockedBy !== null) {
    const named = [`behind ${blockedBy}: `, `${blockedBy}: `].find((start) => reason.startsWith(start)) ?? '';
    return `${words} by ${blockedBy}: ${reason.slice(named.length)}`;
  }
  return `${words}: ${reason}`;
}

/** Returns the reason alone, for a place beside the state's word. Foreign text is as it came. */
export function failureReason(failure: ProbeFailure): string {
  const text = failureText(failure);
  const words = STATUS_WORDS[failure.status];
  return text.startsWith(words) ? text.slice(words.length).replace(/^[:,]?\s+/, '') : text;
}
