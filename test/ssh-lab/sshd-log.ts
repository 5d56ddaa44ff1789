/** What sshd says (LogLevel VERBOSE and above) as soon as a client asks to be authenticated, whatever comes of it. */
const AUTHENTICATION =
  /\b(?:Accepted|Failed|Postponed|Partial) \S+ for |userauth|authenticating user|invalid user|authentication attempts/i;

/**
 * Did a client ask to be authenticated? The end of its connection is what sshd logs last: wait for that before believing
 * in `false`.
 */
export function authenticationAttempted(log: string): boolean {
  return AUTHENTICATION.test(log);
}

/** The end of a connection, however it came. */
export const connectionEnd = /Connection (?:closed|reset) by|Received disconnect|Disconnected from|Unable to negotiate/;

/** What was reached through this host, as `address:port`, oldest first. Needs LogLevel DEBUG, as hosts of `behind` have. */
export function forwardedTargets(log: string): string[] {
  const requests = log.matchAll(/server_request_direct_tcpip: .*target (\S+) port (\d+)/g);
  return [...requests].map(([, address, port]) => `${address}:${port}`);
}
