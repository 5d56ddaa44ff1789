/** Logged by sshd (LogLevel VERBOSE and above) when a client asks to be authenticated, whatever the result. */
const AUTHENTICATION =
  /\b(?:Accepted|Failed|Postponed|Partial) \S+ for |userauth|authenticating user|invalid user|authentication attempts/i;

/**
 * True if a client asked to be authenticated. sshd logs the end of its connection last: wait for that before trusting
 * `false`.
 */
export function authenticationAttempted(log: string): boolean {
  return AUTHENTICATION.test(log);
}

/** The end of a connection, however it came. */
export const connectionEnd = /Connection (?:closed|reset) by|Received disconnect|Disconnected from|Unable to negotiate/;

/**
 * Addresses reached through this host, as `address:port`, oldest first. Needs LogLevel DEBUG, as hosts of `behind`
 * have.
 */
export function forwardedTargets(log: string): string[] {
  const requests = log.matchAll(/server_request_direct_tcpip: .*target (\S+) port (\d+)/g);
  return [...requests].map(([, address, port]) => `${address}:${port}`);
}
