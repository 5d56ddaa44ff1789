import { connect } from 'node:net';
import { onAbort } from '../../lib/abort.ts';

/** A public key whose private part is in an ssh-agent. */
export interface AgentIdentity {
  /** As on the wire, such as `ssh-ed25519` or `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string;
  readonly blob: Buffer;
  readonly comment: string;
}

/** Message numbers of draft-miller-ssh-agent, section 5.1. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** OpenSSH's own limit for a message (AGENT_MAX_LEN in authfd.c). An agent that sends more is not an agent. */
const MAX_ANSWER_BYTES = 256 * 1024;
const AGENT_TIMEOUT_MS = 5000;

/**
 * Lists all identities of an agent, including the certificates and security keys that ssh2's own client omits or
 * misreads. Rejects with the reason.
 */
export function listAgentIdentities(socketPath: string, signal: AbortSignal): Promise<AgentIdentity[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let received = Buffer.alloc(0);
    const finish = (result: AgentIdentity[] | Error) => {
      clearTimeout(timer);
      stopListening();
      socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const timer = setTimeout(() => finish(new Error('it does not answer')), AGENT_TIMEOUT_MS);
    const stopListening = onAbort(signal, () => queueMicrotask(() => finish(new Error('given up'))));
    socket.on('connect', () => socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length < 4 ? null : received.readUInt32BE(0);
      if (length === null) return;
      if (length > MAX_ANSWER_BYTES) return finish(new Error('its answer is too long'));
      if (received.length >= 4 + length) finish(parseIdentities(received.subarray(4, 4 + length)));
    });
    socket.on('error', finish);
    socket.on('close', () => finish(new Error('it closed the connection')));
  });
}

/** Parses SSH_AGENT_IDENTITIES_ANSWER: a count, then a key and a comment each. */
export function parseIdentities(message: Buffer): AgentIdentity[] | Error {
  if (message[0] !== IDENTITIES_ANSWER || message.length < 5) return new Error('it refuses to list its keys');
  const identities: AgentIdentity[] = [];
  let at = 5;
  const next = (): Buffer | null => {
    if (at + 4 > message.length) return null;
    const length = message.readUInt32BE(at);
    if (at + 4 + length > message.length) return null;
    const value = message.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  for (let left = message.readUInt32BE(1); left > 0; left -= 1) {
    const blob = next();
    const comment = next();
    if (blob === null || comment === null) return new Error('its answer is cut short');
    identities.push({ type: keyTypeOf(blob), blob, comment: comment.toString('utf8') });
  }
  return identities;
}

/** Returns the type at the start of a public key's blob; empty if it is not a key. */
export function keyTypeOf(blob: Buffer): string {
  if (blob.length < 4) return '';
  const length = blob.readUInt32BE(0);
  return length > 64 || 4 + length > blob.length ? '' : blob.toString('latin1', 4, 4 + length);
}
