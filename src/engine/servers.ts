import { addressOfUrl, type Host } from '../domain/host.ts';
import type { Server } from '../domain/server.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { isReadOnly } from '../fleet/read-only.ts';
import { messageOf } from '../lib/errors.ts';
import { SingleFlight } from '../lib/single-flight.ts';
import type { ServerActivity } from '../opencode/server/server-calls.ts';
import { ServerClient } from '../opencode/server/server-client.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import type { OwnPasswords } from '../opencode/server-process/own-passwords.ts';
import { ensureOwnServer, type OwnServer } from '../opencode/server-process/own-server.ts';
import { openProven } from '../opencode/server-process/proven-stream.ts';
import type { Transport } from '../transport/transport.ts';
import { openUrl } from '../transport/url-stream.ts';
import type { ConfigSource } from './config-source.ts';
import { type InstanceLogin, loginOfInstance } from './instance-login.ts';
import { PasswordCommands } from './password-command.ts';

/** User name of a server with a password, unless OPENCODE_SERVER_USERNAME says otherwise (opencode's default). */
const DEFAULT_USER = 'opencode';
/** Some requests wait for a project to be read in. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A start costs seconds of CPU. */
const START_TIMEOUT_MS = 45_000;

export interface ServerSources {
  readonly config: ConfigSource;
  readonly fleet: FleetStore;
  readonly passwords: Pick<OwnPasswords, 'get' | 'add'>;
  /** Returns the open connection of a host. */
  transport(host: Host, signal: AbortSignal): Promise<Transport>;
}

/** The credentials of a server. */
export interface ServerLogin {
  readonly username: string;
  readonly password: string | null;
}

function settingOf(alias: string): string {
  return `hosts.overrides.${alias}.server_password_command`;
}

/** Connects to opencode's servers, and starts ocr's own. */
export class Servers {
  readonly #sources: ServerSources;
  readonly #commands = new PasswordCommands();
  readonly #starting = new SingleFlight<OwnServer>();

  constructor(sources: ServerSources) {
    this.#sources = sources;
  }

  /**
   * Creates a client of a server, over the pooled connection of its host, or directly for a server that is known by its URL. Rejects with a TransportError, or
   * with a UserError if the password command fails or the password must not be sent.
   */
  async connect(host: Host, server: Server, signal: AbortSignal): Promise<ServerClient> {
    const { alias } = host;
    const { fleet } = this.#sources;
    const record = (activity: ServerActivity) => fleet.report({ kind: 'did', alias, activity });
    if (host.route.kind === 'url') {
      const { url } = host.route;
      return new ServerClient({
        open: (_target, openSignal) => openUrl(url, openSignal),
        access: { ...addressOfUrl(url), baseUrl: url, ...(await this.instanceLogin(alias, url, signal)) },
        ...{ timeout: REQUEST_TIMEOUT_MS, clock: Date.now, record },
      });
    }
    // The client outlives the route that it was made over.
    const hostNow = () => fleet.getState().entries.get(alias)?.host ?? host;
    // So that the error names the host, not its server, if the host cannot be reached.
    await this.#sources.transport(host, signal);
    return new ServerClient({
      open: async (_target, openSignal) =>
        openProven(await this.#sources.transport(hostNow(), openSignal), server, openSignal),
      access: { hostname: server.hostname, port: server.port, ...(await this.login(alias, server, signal)) },
      ...{ timeout: REQUEST_TIMEOUT_MS, clock: Date.now, record },
    });
  }

  /** Returns the credentials of a server. Rejects if the signal aborts, and with a UserError if the password command fails. */
  async login(alias: string, server: Server, signal = new AbortController().signal): Promise<ServerLogin> {
    const { config, passwords } = this.#sources;
    if (server.own) return { username: DEFAULT_USER, password: passwords.get(alias, server) };
    const {
      server_username: username = DEFAULT_USER,
      server_password: password,
      server_password_command: command,
    } = config.current().hosts.overrides[alias] ?? {};
    if (password !== undefined) return { username, password };
    return {
      username,
      password: command === undefined ? null : await this.#commands.passwordOf(settingOf(alias), command, signal),
    };
  }

  /** Returns the credentials to send to an instance, see `loginOfInstance`. */
  instanceLogin(alias: string, url: string, signal: AbortSignal): Promise<InstanceLogin> {
    const instance = this.#sources.config.current().instances[alias];
    return loginOfInstance(alias, url, instance, { commands: this.#commands, defaultUser: DEFAULT_USER }, signal);
  }

  isUnauthorized(error: unknown): boolean {
    return error instanceof ServerError && error.kind === 'unauthorized';
  }

  /** True if a request failed because the listener is not proven to be the user's server. */
  isUnproven(error: unknown): boolean {
    return error instanceof ServerError && error.kind === 'unproven';
  }

  /**
   * Returns ocr's own server on a host, started if it does not run and the host is not read-only. Callers at the same time share one start. Rejects
   * with a TransportError or a ServerProcessError.
   */
  startOwn(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    return this.#starting.run(host.alias, signal, (stop) => this.#start(host, opencodePath, stop));
  }

  /** Ends password commands and starts in flight. */
  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#starting.close()]);
  }

  async #start(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    const { fleet, passwords } = this.#sources;
    const { alias } = host;
    const transport = await this.#sources.transport(host, signal);
    const at = Date.now();
    const note = (result: string) => {
      const activity = { at, duration: Date.now() - at, what: 'opencode serve', result };
      fleet.report({ kind: 'did', alias, activity });
    };
    try {
      const login = fleet.getState().entries.get(alias)?.snapshot?.login ?? null;
      const mayStart = !isReadOnly(fleet.getState().settings, alias);
      const own = await ensureOwnServer(
        transport,
        { opencodePath, timeout: START_TIMEOUT_MS, mayStart, login },
        signal,
      );
      passwords.add(alias, own.server, own.password);
      note(`${own.started ? 'started' : 'found'} on port ${own.server.port}`);
      return own;
    } catch (error) {
      note(messageOf(error));
      throw error;
    }
  }
}
