import ssh2, { type Client } from 'ssh2';
import type { SshOptions } from '../domain/host.ts';
import { onAbort } from '../lib/abort.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { authenticationFailure, createAuthHandler, loadCredentials } from './authentication.ts';
import { loadHostKeyCheck } from './host-key.ts';
import { Ssh2Transport } from './ssh2-transport.ts';
import { TransportError } from './transport.ts';

export interface ConnectLimits {
  readonly signal: AbortSignal;
  /** Milliseconds for TCP, key exchange and authentication together. */
  readonly timeout: number;
}

/** Used when the ssh config sets no ServerAliveInterval: a dead peer is noticed within three of them. */
const KEEPALIVE_INTERVAL = 15_000;

/** Opens one connection and authenticates. The host key is judged before anything secret is sent. Rejects with a TransportError. */
export async function connectSsh2(options: SshOptions, limits: ConnectLimits): Promise<Ssh2Transport> {
  refuseJump(options);
  const [check, credentials] = await Promise.all([loadHostKeyCheck(options), loadCredentials(options, process.env)]);
  const authentication = createAuthHandler(options.user, credentials);
  const timeout = Math.min(limits.timeout, options.connectTimeout ?? limits.timeout);
  const client = new ssh2.Client();
  let distrust: TransportError | null = null;
  try {
    await handshake(client, limits.signal, () => {
      client.connect({
        host: options.hostname,
        port: options.port,
        username: options.user,
        readyTimeout: timeout,
        keepaliveInterval: options.serverAliveInterval || KEEPALIVE_INTERVAL,
        keepaliveCountMax: options.serverAliveCountMax,
        algorithms: { serverHostKey: check.algorithms },
        hostVerifier: (key: Buffer) => {
          distrust = check.judge(key);
          return distrust === null;
        },
        authHandler: authentication.handler,
      });
      client.setNoDelay(true);
    });
  } catch (error) {
    client.destroy();
    if (error instanceof TransportError) throw error;
    if (distrust !== null) throw distrust;
    if (levelOf(error) === 'client-authentication') {
      throw authenticationFailure(options, credentials, authentication.accepted());
    }
    throw explainConnectError(error, options, timeout);
  }
  return new Ssh2Transport(client);
}

function refuseJump({ proxyJump, proxyCommand }: SshOptions): void {
  if (proxyJump !== null) {
    throw new TransportError('blocked', `behind the jump host ${proxyJump}: jump hosts are not supported yet`);
  }
  if (proxyCommand !== null) throw new TransportError('blocked', 'behind a ProxyCommand: this is not supported yet');
}

function handshake(client: Client, signal: AbortSignal, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(new TransportError('aborted', 'the connection was given up')));
    client.on('ready', () => {
      stopListening();
      resolve();
    });
    client.on('error', (error) => {
      stopListening();
      reject(error);
    });
    client.on('close', () => reject(new TransportError('closed', 'the host closed the connection')));
    if (!signal.aborted) start();
  });
}

function levelOf(error: unknown): string | undefined {
  return error instanceof Error && 'level' in error ? String(error.level) : undefined;
}

function explainConnectError(error: unknown, options: SshOptions, timeout: number): TransportError {
  const where = `${options.hostname}:${options.port}`;
  const code = codeOf(error);
  if (levelOf(error) === 'client-timeout') {
    return new TransportError('timeout', `no SSH answer within ${timeout / 1000}s`, { cause: error });
  }
  switch (code) {
    case 'ECONNREFUSED':
      return new TransportError('refused', 'connection refused', {
        cause: error,
        hint: `Nothing listens on ${where}.`,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new TransportError('dns', `the name ${options.hostname} does not resolve`, { cause: error });
    case 'ETIMEDOUT':
      return new TransportError('timeout', 'connection timed out', { cause: error });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
      return new TransportError('unreachable', 'no route to the host', { cause: error, hint: `${where}: ${code}` });
    case 'ECONNRESET':
    case 'EPIPE':
      return new TransportError('closed', 'the host closed the connection', { cause: error });
    default:
      // What ssh2 says, without a code, of a host that accepts and hangs up.
      if (/before handshake/i.test(messageOf(error)))
        return new TransportError('closed', 'the host closed the connection', { cause: error });
      return new TransportError('protocol', `SSH failed: ${messageOf(error)}`, { cause: error });
  }
}
