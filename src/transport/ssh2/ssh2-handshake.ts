import type { Duplex } from 'node:stream';
import ssh2, { type AuthHandlerMiddleware, type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import type { SshOptions } from '../../domain/host.ts';
import { onAbort } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import { explainSocketError, isNoCommonAlgorithm, isTooLongForSsh2 } from '../connect-error.ts';
import { Deadline } from '../deadline.ts';
import type { HostKeyCheck, HostKeyJudgement } from '../host-keys/host-key.ts';
import { givenUp, silence } from '../socket.ts';
import { Ssh2Unsupported } from '../ssh2-unsupported.ts';
import { TransportError } from '../transport.ts';
import type { Ssh2Algorithms } from './ssh2-algorithms.ts';

export interface HandshakeParts {
  readonly options: SshOptions;
  readonly stream: Duplex;
  readonly check: HostKeyCheck;
  /** Fingerprints that the user has accepted for this connection. */
  readonly accepted: ReadonlySet<string>;
  /** Reads the recorded host keys again. */
  recheck(): Promise<HostKeyCheck>;
  readonly algorithms: Ssh2Algorithms & { readonly serverHostKey: ServerHostKeyAlgorithm[] };
  readonly authHandler: AuthHandlerMiddleware;
  /** Called when the host shows another key in a later key exchange than in the first; the connection ends. */
  onOtherKey(key: Buffer, first: Buffer): void;
  /** Path of the agent that programs on the host may use. */
  readonly agent: string | null;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The user must be asked about the host key; the connection is closed meanwhile. */
export class UnknownHostKey extends Error {
  readonly judgement: HostKeyJudgement & { readonly kind: 'ask' };

  constructor(judgement: HostKeyJudgement & { readonly kind: 'ask' }) {
    super('unknown host key', { cause: judgement.error });
    this.judgement = judgement;
  }
}

/** Used when the ssh config sets no ServerAliveInterval: a dead peer is noticed within three of them. */
const KEEPALIVE_INTERVAL_MS = 15_000;
const EXPIRED = new Error('expired');

/** One connection from the first byte to the end of authentication. */
export class Handshake {
  /** The stream below the connection. */
  readonly stream: Duplex;
  readonly #parts: HandshakeParts;
  readonly #client = new ssh2.Client();
  readonly #over = new AbortController();
  #deadline: Deadline | undefined;
  #distrust: Error | null = null;
  #asking = false;
  #settle: ((error: unknown) => void) | undefined;
  #key: Buffer | null = null;

  /** How far the host's key is trusted; `null` until it was seen. */
  trust: HostKeyJudgement['kind'] | null = null;
  /** A note for the user about that key. */
  note: string | null = null;

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
    this.stream = parts.stream;
  }

  /**
   * Runs `ask` with the deadline paused. Its signal aborts when the connection ends, so that the question closes too.
   */
  async asking<Result>(ask: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    this.#asking = true;
    const result = await (this.#deadline?.exempt(() => ask(this.#over.signal)) ?? ask(this.#over.signal));
    this.#asking = false;
    return result;
  }

  /** The host's key; `null` until it has shown one. */
  get key(): Buffer | null {
    return this.#key;
  }

  /**
   * Returns the key under which a password for this host is remembered; `null` if another host at that address could
   * not be told from it.
   */
  get secretKey(): string | null {
    const { options, check } = this.#parts;
    if (this.#key === null || this.trust === 'trusted-changed' || !(this.trust === 'trusted' || check.keepsRecord))
      return null;
    const { user, hostname, port, proxyJump, proxyCommand, hostKeyAlias } = options;
    return JSON.stringify([user, hostname, port, proxyJump, proxyCommand, hostKeyAlias, this.#key.toString('base64')]);
  }

  /** Ends it, unless it has ended. */
  giveUp(error: TransportError): void {
    this.#settle?.(error);
  }

  /**
   * Shakes hands. Rejects with a TransportError, an Ssh2Unsupported, an UnknownHostKey, or ssh2's error for a failed
   * authentication.
   */
  async run(): Promise<Client> {
    const { options, stream, algorithms, authHandler, agent, timeout, signal } = this.#parts;
    const client = this.#client;
    try {
      await this.#untilReady(() => {
        client.connect({
          sock: stream,
          username: options.user,
          readyTimeout: 0,
          keepaliveInterval: options.serverAliveInterval || KEEPALIVE_INTERVAL_MS,
          keepaliveCountMax: options.serverAliveCountMax,
          algorithms,
          hostVerifier: (key: Buffer, verify: (trusted: boolean) => void) => this.#judge(key, verify),
          authHandler,
          ...(agent === null ? {} : { agent }),
        });
      });
      return client;
    } catch (error) {
      client.on('error', () => {});
      client.destroy();
      stream.destroy();
      if (this.#distrust !== null) throw this.#distrust;
      if (isNoCommonAlgorithm(error)) throw new Ssh2Unsupported(messageOf(error), explainSocketError(error, options));
      if (isTooLongForSsh2(error)) {
        throw new Ssh2Unsupported(
          'the host sends larger packets than ssh2 accepts',
          explainSocketError(error, options),
        );
      }
      if (signal.aborted) throw givenUp();
      throw error === EXPIRED ? silence(timeout) : error;
    } finally {
      this.#over.abort();
    }
  }

  /** Called for each key exchange: later ones must show the key of the first. */
  #judge(key: Buffer, verify: (trusted: boolean) => void): void {
    if (this.#key !== null) {
      if (!key.equals(this.#key)) {
        this.#distrust = new TransportError('host-key-changed', 'it showed another key during the connection');
        this.#parts.onOtherKey(key, this.#key);
      }
      return verify(key.equals(this.#key));
    }
    this.#key = key;
    this.#heed(this.#parts.check.judge(key), key, verify);
  }

  #heed(judgement: HostKeyJudgement, key: Buffer, verify: (trusted: boolean) => void): void {
    this.trust = judgement.kind;
    this.note = 'note' in judgement ? judgement.note : null;
    switch (judgement.kind) {
      case 'refused':
        this.#distrust = judgement.error;
        return verify(false);
      case 'ask':
        if (this.#parts.accepted.has(judgement.question.fingerprint)) {
          this.trust = 'add';
          return verify(true);
        }
        this.#distrust = new UnknownHostKey(judgement);
        return verify(false);
      case 'add':
        this.note = this.#parts.check.keepsRecord
          ? `a new key was accepted and recorded in ${judgement.question.file}, as StrictHostKeyChecking says`
          : 'a new key was accepted as StrictHostKeyChecking says, and not recorded: UserKnownHostsFile is /dev/null';
        judgement.record().then(
          () => verify(true),
          (error: unknown) => void this.#heedAgain(key, error, verify),
        );
        return;
      default:
        return verify(true);
    }
  }

  /** The key could not be recorded: it has no file, or another key was recorded meanwhile. */
  async #heedAgain(key: Buffer, error: unknown, verify: (trusted: boolean) => void): Promise<void> {
    const judgement = (await this.#parts.recheck()).judge(key);
    if (judgement.kind !== 'add') return this.#heed(judgement, key, verify);
    this.note = `a new key was accepted, but not recorded: ${messageOf(error)}`;
    verify(true);
  }

  #untilReady(start: () => void): Promise<void> {
    const { timeout, signal } = this.#parts;
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const deadline = new Deadline(timeout, () => settle(EXPIRED));
      this.#deadline = deadline;
      const stopListening = onAbort(signal, () => queueMicrotask(() => settle(givenUp())));
      const settle = (error: unknown) => {
        deadline.stop();
        stopListening();
        if (error === null) resolve();
        else reject(error);
      };
      this.#settle = settle;
      client.on('ready', () => settle(null));
      client.on('error', (error) => {
        // A key that could not sign is not fatal: the next one is offered.
        if (levelOf(error) !== 'agent') settle(error);
      });
      client.on('close', () => settle(new TransportError('closed', this.#closing())));
      // New passwords are left to ssh, which handles them better.
      client.on('change password', () =>
        settle(new TransportError('auth', 'it wants a new password: log in once with ssh')),
      );
      if (!signal.aborted) start();
    });
  }

  #closing(): string {
    return this.#asking ? 'the host did not wait for the answer' : 'the host closed the connection';
  }
}

/** Returns the level at which ssh2 reports an error. */
export function levelOf(error: unknown): string | undefined {
  return error instanceof Error && 'level' in error ? String(error.level) : undefined;
}
