import { codeOf, messageOf } from '../lib/errors.ts';
import { TransportError } from './transport.ts';

/** The destination of a connection, for display. */
interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Explains an error of the socket or of ssh2 before authentication. */
export function explainSocketError(error: unknown, { hostname, port }: Place): TransportError {
  const where = `${hostname}:${port}`;
  const code = codeOf(error);
  const explain = (kind: 'refused' | 'dns' | 'timeout' | 'unreachable' | 'closed', message: string, hint?: string) =>
    new TransportError(kind, message, { cause: error, hint });
  switch (code) {
    case 'ECONNREFUSED':
      return explain('refused', 'connection refused', `Nothing listens on ${where}.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return explain('dns', `the name ${hostname} does not resolve`);
    case 'ETIMEDOUT':
      return explain('timeout', 'connection timed out');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
      return explain('unreachable', 'no route to the host', `${where}: ${code}`);
    case 'ECONNRESET':
    case 'EPIPE':
      return explain('closed', 'the host closed the connection');
    default:
      // ssh2's messages, without a code, for a host that accepts the connection and hangs up.
      if (/before handshake|ended before|Premature close/i.test(messageOf(error)))
        return explain('closed', 'the host closed the connection');
      return new TransportError('protocol', `SSH failed: ${messageOf(error)}`, { cause: error });
  }
}

/** True if a server hung up because of too many keys (auth2.c in OpenSSH). */
export function isTooManyKeys(error: unknown): boolean {
  return /too many authentication failures/i.test(messageOf(error));
}

/** True if ssh2 and the server have no algorithm in common. */
export function isNoCommonAlgorithm(error: unknown): boolean {
  return /no matching (key exchange|host key|C->S|S->C)/i.test(messageOf(error));
}

/**
 * True if the server sent a packet longer than ssh2's limit of 35,000 bytes, such as a long banner. OpenSSH takes 256
 * KiB.
 */
export function isTooLongForSsh2(error: unknown): boolean {
  return /bad packet length/i.test(messageOf(error));
}
