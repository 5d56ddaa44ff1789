import { type Host, LOCAL_ALIAS, noShellReason, type UrlRoute } from '../domain/host.ts';
import { type LoginEnvironment, loginVariables } from '../domain/login.ts';
import type { Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { UserError } from '../lib/errors.ts';
import {
  attachScript,
  attachUrlScript,
  continueCommand,
  PASSWORD_ASKED,
  PASSWORD_TAKEN,
  PROGRAM_STARTS,
} from '../opencode/attach-command.ts';
import { provenHost } from '../opencode/proven-host.ts';
import { startProven } from '../opencode/start-proven.ts';
import { AnnouncedPty } from '../transport/announced-pty.ts';
import { AnsweredPty } from '../transport/answered-pty.ts';
import { type Pty, type TerminalSize, type Transport, TransportError } from '../transport/transport.ts';
import type { AttachPorts } from './attach-ports.ts';

/** Milliseconds that a host may take to give a program a terminal. */
const OPEN_TIMEOUT_MS = 30_000;

const WAKE_TIMEOUT_MS = 10_000;
const MAX_WAKE_OUTPUT_BYTES = 4096;

/** A session that is open on a pty. */
export interface OpenSession {
  readonly host: Host;
  readonly session: Session;
  readonly pty: Pty;
  /** Epoch milliseconds at which opencode itself started, after the profiles of the login; `null` until then. */
  startedAt(): number | null;
  /** Resumes opencode if it was stopped. Never throws. */
  wake(): void;
  /** True if it works through a server on the host, false if it works by itself. */
  readonly throughServer: boolean;
}

type OpenPorts = Pick<AttachPorts, 'fleet' | 'serverFor' | 'signal' | 'refreshHost' | 'openTransport' | 'byUrl'>;

/**
 * Opens a session on a pty of its host. Asks the host first, so that a missing session is reported and a dead
 * connection is found before the screen is handed over. Rejects with a UserError or a TransportError; `unreachable` and
 * `gone` come from that check.
 *
 * @param tell receives the current step
 */
export async function openSession(
  ports: OpenPorts,
  { host, sessionId, size }: { readonly host: Host; readonly sessionId: string; readonly size: TerminalSize },
  tell: (text: string) => void,
): Promise<OpenSession | 'unreachable' | 'gone'> {
  const { fleet, serverFor, signal } = ports;
  const snapshot = await ports.refreshHost(host.alias);
  if (snapshot === null) return 'unreachable';
  const session = snapshot.sessions.find(({ id }) => id === sessionId);
  if (session === undefined) return 'gone';
  // Asking it may have found another way to it.
  const asked = fleet.getState().entries.get(host.alias)?.host ?? host;
  if (serverFor !== null || noShellReason(asked) !== null) {
    tell(`opening the session through the server of ${host.label}`);
  }
  const plan = await (asked.route.kind === 'url'
    ? planByUrl(ports, asked, asked.route, session)
    : planOnHost(ports, asked, snapshot, session));
  const { transport, script, login, password } = plan;
  const started = await startProven(
    provenHost(
      transport,
      (command) => startOn(transport, command, size, signal),
      { ...size, term: termName() },
      signal,
    ),
    {
      script,
      mode: login?.mode ?? 'login',
      environment: login === null ? {} : loginVariables(login),
    },
  );
  const pty = new AnnouncedPty(password === null ? started : withPassword(started, password), PROGRAM_STARTS);
  return {
    ...{ host: asked, session, pty, throughServer: plan.throughServer },
    startedAt: () => pty.startedAt,
    wake: () => wake(transport, pty, signal),
  };
}

/** How a session is opened, on the host or on this machine. */
interface OpenPlan {
  readonly transport: Transport;
  readonly script: string;
  readonly login: LoginEnvironment | null;
  /** Typed when the script asks for it; `null` if it does not. */
  readonly password: string | null;
  readonly throughServer: boolean;
}

async function planOnHost(ports: OpenPorts, host: Host, snapshot: Snapshot, session: Session): Promise<OpenPlan> {
  const { serverFor, signal } = ports;
  const server = serverFor === null ? null : await serverFor(host, session, signal);
  const password = server?.secret?.kind === 'value' ? server.secret.password : null;
  const script = attachScript(snapshot.opencode.path, session, server);
  const transport = await ports.openTransport(host);
  return { transport, script, login: snapshot.login, password, throughServer: server !== null };
}

async function planByUrl(
  { byUrl, fleet, signal }: OpenPorts,
  host: Host,
  route: UrlRoute,
  session: Session,
): Promise<OpenPlan> {
  const server = await byUrl.serverOf(host, route, signal);
  const local = fleet.getState().entries.get(LOCAL_ALIAS);
  const known = local?.host.route.kind === 'local' ? local.snapshot : null;
  const script = attachUrlScript(known?.opencode.path ?? 'opencode', session, server);
  const transport = await byUrl.openThisMachine();
  return { transport, script, login: known?.login ?? null, password: server.password, throughServer: true };
}

function wake(transport: Transport, { pid }: AnnouncedPty, signal: AbortSignal): void {
  if (pid === null || transport.closed) return;
  const limits = { signal, idleTimeout: WAKE_TIMEOUT_MS, maxBytes: MAX_WAKE_OUTPUT_BYTES };
  // A failure needs no report: the user sees the result, and can leave.
  transport.exec(continueCommand(pid), limits).catch(() => {});
}

/** If a host allows no more sessions on a connection, the program waits for another one's end. */
async function startOn(transport: Transport, command: string, size: TerminalSize, signal: AbortSignal): Promise<Pty> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), OPEN_TIMEOUT_MS);
  try {
    return await transport.pty(command, { ...size, term: termName() }, AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw new TransportError('timeout', `the host gave no terminal within ${OPEN_TIMEOUT_MS / 1000}s`, {
      hint: 'It may allow no more programs on one connection: see sshd_config(5), MaxSessions.',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function termName(): string {
  return process.env.TERM ?? 'xterm-256color';
}

/** A terminal takes a line, and control characters for keys. */
const TYPEABLE = /^[^\u0000-\u001f\u007f]{1,1000}$/;

function withPassword(pty: Pty, password: string): Pty {
  if (!TYPEABLE.test(password)) {
    pty.close();
    throw new UserError("the server's password contains control characters, which cannot be typed at a terminal");
  }
  return new AnsweredPty(pty, { asks: PASSWORD_ASKED, taken: PASSWORD_TAKEN, answer: password });
}
