import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import type { SshOptions } from '../../domain/host.ts';
import { onAbort } from '../../lib/abort.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { Authentication } from '../authentication/authentication.ts';
import { authenticationFailure } from '../authentication/authentication-failure.ts';
import { type Ask, agentSocket, loadIdentities } from '../authentication/identities.ts';
import type { Secrets } from '../authentication/secrets.ts';
import { explainSocketError, isNoCommonAlgorithm, isTooManyKeys } from '../connect-error.ts';
import { Deadline } from '../deadline.ts';
import { sentEnvironment } from '../environment.ts';
import { type HostKeyCheck, type HostKeyJudgement, loadHostKeyCheck } from '../host-keys/host-key.ts';
import type { ConnectLimits } from '../interaction.ts';
import { givenUp, silence, untilItSpeaks } from '../socket.ts';
import { TransportError } from '../transport.ts';
import { chooseAlgorithms, NothingInCommon } from './ssh2-algorithms.ts';
import { Ssh2Cannot } from './ssh2-cannot.ts';
import { Ssh2Transport } from './ssh2-transport.ts';

/** Runs what must not happen too often at a time. */
export type Limiter = <Result>(task: () => Promise<Result>) => Promise<Result>;

export interface Ssh2Destination {
  /** For a person, and for what is recorded: the alias. */
  readonly alias: string;
  readonly options: SshOptions;
  /** Opens the way to the host: TCP, a command, or a stream through a hop. Rejects with a TransportError. */
  readonly open: () => Promise<Duplex>;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Secrets;
  /** Bounds the number of key exchanges and authentications under way. */
  readonly shakeHands: Limiter;
}

/** Used when the ssh config sets no ServerAliveInterval: a dead peer is noticed within three of them. */
const KEEPALIVE_INTERVAL = 15_000;
/** Connections made for one that has more keys than a server takes at a time. */
const MOST_CONNECTIONS = 5;

/**
 * Opens one connection and authenticates. The host key is judged before anything else is sent. Rejects with a TransportError, or with Ssh2Cannot.
 */
export async function connectSsh2(destination: Ssh2Destination, limits: ConnectLimits): Promise<Ssh2Transport> {
  const { alias, options, environment, secrets } = destination;
  const timeout = options.connectTimeout ?? limits.timeout;
  const ask: Ask | null = askThrough(limits, alias);
  const identities = await loadIdentities(options, environment, secrets, ask, limits.signal);
  const attempt: Attempt = { destination, limits, timeout, ask, trusted: null };
  const authentication = new Authentication({
    ...{ options, identities, secrets },
    ask: ask === null ? null : (...question) => attempt.deadline?.without(() => ask(...question)) ?? ask(...question),
    allowPasswords: () => attempt.trusted !== 'trusted-changed',
  });
  for (let connection = 1; ; connection += 1) {
    const untried = authentication.untried;
    try {
      const client = await shakeHands(attempt, authentication);
      authentication.succeeded();
      return createTransport(client, attempt);
    } catch (error) {
      if (error instanceof UnknownHostKey) {
        await askForTrust(error.judgement, alias, limits);
        continue;
      }
      const more = authentication.untried > 0 && authentication.untried < untried && connection < MOST_CONNECTIONS;
      if (isTooManyKeys(error) && more && !limits.signal.aborted) continue;
      if (levelOf(error) !== 'client-authentication' && !isTooManyKeys(error)) throw explain(error, options, timeout);
      if (authentication.givenUp) throw new TransportError('auth', 'nobody answered what it asked for');
      const withheld = attempt.trusted === 'trusted-changed' ? (attempt.note ?? null) : null;
      throw authenticationFailure(options, authentication, identities.foreign, withheld);
    }
  }
}

interface Attempt {
  readonly destination: Ssh2Destination;
  readonly limits: ConnectLimits;
  readonly timeout: number;
  readonly ask: Ask | null;
  /** How far the key of the last connection is trusted. */
  trusted: HostKeyJudgement['kind'] | null;
  note?: string | null;
  deadline?: Deadline;
}

/** Not an error of the connection: a person decides, and meanwhile no connection is held. */
class UnknownHostKey extends Error {
  readonly judgement: HostKeyJudgement & { readonly kind: 'ask' };

  constructor(judgement: HostKeyJudgement & { readonly kind: 'ask' }) {
    super('unknown host key', { cause: judgement.error });
    this.judgement = judgement;
  }
}

async function askForTrust(
  judgement: UnknownHostKey['judgement'],
  alias: string,
  limits: ConnectLimits,
): Promise<void> {
  if (limits.interaction === null || !(await limits.interaction.trust(judgement.question, limits.signal))) {
    throw judgement.error;
  }
  try {
    await judgement.record();
  } catch (error) {
    throw new TransportError('host-key-unknown', `its key could not be recorded: ${messageOf(error)}`, {
      cause: error,
    });
  }
  limits.interaction.progress(`the key of ${alias} is recorded in ${judgement.question.file}`);
}

/** One connection up to its authentication. */
async function shakeHands(attempt: Attempt, authentication: Authentication): Promise<Client> {
  const { destination, limits, timeout } = attempt;
  const check = await loadHostKeyCheck(destination.options, destination.alias);
  const algorithms = offer(check, destination.options);
  const stream = await destination.open();
  await untilItSpeaks(stream, timeout, limits.signal);
  const run = () => authenticate(attempt, authentication, check, algorithms, stream);
  // A person takes longer than others should wait for their turn.
  return limits.interaction === null ? destination.shakeHands(run) : run();
}

function offer(check: HostKeyCheck, options: SshOptions) {
  try {
    const algorithms = chooseAlgorithms(options);
    if (check.algorithms.length > 0) return { ...algorithms, serverHostKey: check.algorithms };
    throw new NothingInCommon(`HostKeyAlgorithms ${options.algorithms.hostKeys.join(',')}`);
  } catch (error) {
    if (!(error instanceof NothingInCommon)) throw error;
    const failure = new TransportError('protocol', `ssh2 has nothing of ${error.message}`);
    throw new Ssh2Cannot(`ssh2 has nothing of ${error.message}`, failure);
  }
}

async function authenticate(
  attempt: Attempt,
  authentication: Authentication,
  check: HostKeyCheck,
  algorithms: ReturnType<typeof offer>,
  stream: Duplex,
): Promise<Client> {
  const { destination, limits, timeout } = attempt;
  const { options, environment } = destination;
  const client = new ssh2.Client();
  const agent = options.forwardAgent === false ? null : forwardedAgent(options, environment);
  let distrust: Error | null = null;
  const judge = (key: Buffer, verify: (trusted: boolean) => void): void => {
    const judgement = check.judge(key);
    attempt.trusted = judgement.kind;
    attempt.note = 'note' in judgement ? judgement.note : null;
    switch (judgement.kind) {
      case 'refused':
        distrust = judgement.error;
        return verify(false);
      case 'ask':
        distrust = new UnknownHostKey(judgement);
        return verify(false);
      case 'add':
        attempt.note = `a new key was accepted and recorded in ${judgement.question.file}: StrictHostKeyChecking is ${options.hostKeyPolicy}`;
        judgement.record().then(
          () => verify(true),
          (error: unknown) => {
            attempt.note = `a new key was accepted, but not recorded: ${messageOf(error)}`;
            verify(true);
          },
        );
        return;
      default:
        return verify(true);
    }
  };
  try {
    await untilReady(client, attempt, () => {
      client.connect({
        sock: stream,
        username: options.user,
        readyTimeout: 0,
        keepaliveInterval: options.serverAliveInterval || KEEPALIVE_INTERVAL,
        keepaliveCountMax: options.serverAliveCountMax,
        algorithms,
        hostVerifier: judge,
        authHandler: authentication.handler(),
        ...(agent === null ? {} : { agent }),
      });
    });
    return client;
  } catch (error) {
    client.on('error', () => {});
    client.destroy();
    stream.destroy();
    if (distrust !== null) throw distrust;
    if (isNoCommonAlgorithm(error)) throw new Ssh2Cannot(messageOf(error), explainSocketError(error, options));
    if (limits.signal.aborted) throw givenUp();
    throw error === EXPIRED ? silence(timeout) : error;
  }
}

const EXPIRED = new Error('expired');

function untilReady(client: Client, attempt: Attempt, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = new Deadline(attempt.timeout, () => settle(EXPIRED));
    attempt.deadline = deadline;
    const stopListening = onAbort(attempt.limits.signal, () => queueMicrotask(() => settle(givenUp())));
    const settle = (error: unknown) => {
      deadline.end();
      stopListening();
      if (error === null) resolve();
      else reject(error);
    };
    client.on('ready', () => settle(null));
    client.on('error', (error) => {
      // That one key could not sign is no end: the next one is offered.
      if (levelOf(error) !== 'agent') settle(error);
    });
    client.on('close', () => settle(new TransportError('closed', 'the host closed the connection')));
    // What ssh2 would do with a new password is not what was asked of it: nobody is asked twice whether they meant it.
    client.on('change password', () =>
      settle(new TransportError('auth', 'it wants a new password: log in once with ssh')),
    );
    if (!attempt.limits.signal.aborted) start();
  });
}

function createTransport(client: Client, { destination, trusted, note, timeout }: Attempt): Ssh2Transport {
  const { options, environment } = destination;
  return new Ssh2Transport(client, {
    connection: { kind: 'ssh2', reason: null, notes: note ? [note] : [] },
    timeout,
    environment: sentEnvironment(options, environment),
    forwardAgent: trusted !== 'trusted-changed' && forwardedAgent(options, environment) !== null,
  });
}

function forwardedAgent(options: SshOptions, environment: NodeJS.ProcessEnv): string | null {
  if (options.forwardAgent === false) return null;
  return options.forwardAgent === true ? agentSocket(options, environment) : options.forwardAgent;
}

function askThrough({ interaction, signal }: ConnectLimits, host: string): Ask | null {
  if (interaction === null) return null;
  return (title, instruction, prompts) =>
    interaction.answer({ kind: 'secret', host, title, instruction, prompts }, signal);
}

function levelOf(error: unknown): string | undefined {
  return error instanceof Error && 'level' in error ? String(error.level) : undefined;
}

function explain(error: unknown, options: SshOptions, timeout: number): unknown {
  if (error instanceof TransportError || error instanceof Ssh2Cannot) return error;
  if (levelOf(error) === 'client-timeout' && codeOf(error) === undefined) return silence(timeout);
  return explainSocketError(error, options);
}
