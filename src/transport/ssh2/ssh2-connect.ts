import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { AuthenticationMethod, SshOptions } from '../../domain/host.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { Authentication } from '../authentication/authentication.ts';
import { authenticationFailure } from '../authentication/authentication-failure.ts';
import { type Ask, agentSocket, loadIdentities } from '../authentication/identities.ts';
import { hasKerberosTicket } from '../authentication/kerberos.ts';
import type { Secrets } from '../authentication/secrets.ts';
import { explainSocketError, isTooManyKeys } from '../connect-error.ts';
import { sentEnvironment } from '../environment.ts';
import { type HostKeyCheck, loadHostKeyCheck } from '../host-keys/host-key.ts';
import type { HostKeyWatch } from '../host-keys/host-key-watch.ts';
import type { ConnectLimits } from '../interaction.ts';
import type { Semaphore, Unheld } from '../semaphore.ts';
import { silence, untilItSpeaks } from '../socket.ts';
import { Ssh2Unsupported } from '../ssh2-unsupported.ts';
import { TransportError } from '../transport.ts';
import { chooseAlgorithms, NothingInCommon } from './ssh2-algorithms.ts';
import { Handshake, levelOf, UnknownHostKey } from './ssh2-handshake.ts';
import { Ssh2Transport } from './ssh2-transport.ts';

export interface Ssh2Destination {
  /** The alias, for display and for records. */
  readonly alias: string;
  readonly options: SshOptions;
  /** Opens the way to the host: TCP, a command, or a stream through a hop. Rejects with a TransportError. */
  readonly open: () => Promise<Duplex>;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Secrets;
  /** Limits concurrent key exchanges and authentications. */
  readonly handshakes: Semaphore;
  readonly hostKeys: HostKeyWatch;
}

/** Connections made for a user with more keys than a server accepts at a time. */
const MAX_CONNECTIONS = 5;

/**
 * Opens one connection and authenticates. Judges the host key before anything else is sent. Rejects with a
 * TransportError, or with Ssh2Unsupported.
 */
export async function connectSsh2(destination: Ssh2Destination, limits: ConnectLimits): Promise<Ssh2Transport> {
  const { alias, options, environment, secrets } = destination;
  const { interaction, signal } = limits;
  let handshake: Handshake | null = null;
  let unheld: Unheld = (wait) => wait();
  const accepted = new Set<string>();
  const ask: Ask | null =
    interaction === null
      ? null
      : (title, instruction, prompts) => {
          const question = { kind: 'secret', host: alias, title, instruction, prompts } as const;
          if (handshake === null) return interaction.answer(question, signal);
          return handshake.asking((over) =>
            // The user may take longer than others should wait for a slot.
            unheld(() => interaction.answer(question, AbortSignal.any([signal, over]))),
          );
        };
  const identities = await loadIdentities(options, environment, secrets, ask, signal);
  const authentication = new Authentication({
    options,
    identities,
    secrets,
    ask,
    opensshMethods: await opensshMethods(options),
    secretKey: () => handshake?.secretKey ?? null,
    allowPasswords: () => handshake?.trust !== 'trusted-changed',
    onGivenUp: () => handshake?.giveUp(new TransportError('auth', 'its prompt was not answered')),
  });
  for (let connection = 1; ; connection += 1) {
    const untried = authentication.untried;
    try {
      const next = await prepare(destination, limits, authentication, accepted);
      handshake = next;
      const client = await destination.handshakes.run((elsewhere) => {
        unheld = elsewhere;
        return next.run();
      });
      authentication.succeeded();
      if (next.key !== null) destination.hostKeys.connected(placeOf(destination), next.key);
      return createTransport(client, next, destination, timeoutOf(options, limits));
    } catch (error) {
      if (error instanceof UnknownHostKey) {
        await askForTrust(error.judgement, alias, limits);
        accepted.add(error.judgement.question.fingerprint);
        continue;
      }
      const more = authentication.untried > 0 && authentication.untried < untried && connection < MAX_CONNECTIONS;
      if (isTooManyKeys(error) && more && !signal.aborted) continue;
      if (!signal.aborted) authentication.failed();
      if (levelOf(error) !== 'client-authentication' && !isTooManyKeys(error)) throw explain(error, options, limits);
      const withheld = handshake?.trust === 'trusted-changed' ? handshake.note : null;
      throw authenticationFailure(options, authentication, withheld);
    }
  }
}

async function opensshMethods({ authenticationMethods }: SshOptions): Promise<AuthenticationMethod[]> {
  const methods = authenticationMethods.filter((name) => name === 'gssapi-with-mic' || name === 'hostbased');
  // Some systems enable GSSAPI for every user, with or without Kerberos.
  const ticket = methods.includes('gssapi-with-mic') && (await hasKerberosTicket());
  return methods.filter((name) => name !== 'gssapi-with-mic' || ticket);
}

function timeoutOf({ connectTimeout }: SshOptions, { timeout }: ConnectLimits): number {
  return connectTimeout ?? timeout;
}

async function prepare(
  destination: Ssh2Destination,
  limits: ConnectLimits,
  authentication: Authentication,
  accepted: ReadonlySet<string>,
): Promise<Handshake> {
  const { alias, options, environment, open, hostKeys } = destination;
  const { signal } = limits;
  const timeout = timeoutOf(options, limits);
  // Before anything is opened: a missing algorithm shows without a connection.
  offer(await loadHostKeyCheck(options, alias), options);
  const stream = await open();
  await untilItSpeaks(stream, timeout, signal);
  // Reads again: other processes may have recorded keys while the user was asked.
  const recheck = () => loadHostKeyCheck(options, alias);
  const check = await recheck();
  const algorithms = offer(check, options);
  const agent = forwardedAgent(options, environment);
  const authHandler = authentication.handler();
  const onOtherKey = (key: Buffer, first: Buffer) => hostKeys.changedMidway(placeOf(destination), key, first);
  return new Handshake({
    options,
    stream,
    check,
    recheck,
    accepted,
    algorithms,
    authHandler,
    agent,
    timeout,
    signal,
    onOtherKey,
  });
}

function offer(check: HostKeyCheck, options: SshOptions) {
  try {
    const algorithms = chooseAlgorithms(options);
    if (check.algorithms.length > 0) return { ...algorithms, serverHostKey: check.algorithms };
    throw new NothingInCommon(`HostKeyAlgorithms ${options.algorithms.hostKeys.join(',')}`);
  } catch (error) {
    if (!(error instanceof NothingInCommon)) throw error;
    const failure = new TransportError('protocol', `ssh2 supports none of ${error.message}`);
    throw new Ssh2Unsupported(`ssh2 supports none of ${error.message}`, failure);
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

function createTransport(
  client: Client,
  { stream, trust, note }: Handshake,
  destination: Ssh2Destination,
  timeout: number,
): Ssh2Transport {
  const { options, environment, hostKeys } = destination;
  const warning = hostKeys.warningOf(placeOf(destination));
  return new Ssh2Transport(client, stream, {
    connection: { kind: 'ssh2', reason: null, notes: note === null ? [] : [note], warning },
    timeout,
    environment: sentEnvironment(options, environment),
    forwardAgent: trust !== 'trusted-changed' && forwardedAgent(options, environment) !== null,
  });
}

/** Returns the key for remembering a host's keys: another address may have others. */
function placeOf({ alias, options }: Ssh2Destination): string {
  return `${alias} ${options.hostname} ${options.port}`;
}

function forwardedAgent(options: SshOptions, environment: NodeJS.ProcessEnv): string | null {
  if (options.forwardAgent === false) return null;
  return options.forwardAgent === true ? agentSocket(options, environment) : options.forwardAgent;
}

function explain(error: unknown, options: SshOptions, limits: ConnectLimits): unknown {
  if (error instanceof TransportError || error instanceof Ssh2Unsupported) return error;
  if (levelOf(error) === 'client-timeout' && codeOf(error) === undefined) return silence(timeoutOf(options, limits));
  return explainSocketError(error, options);
}
