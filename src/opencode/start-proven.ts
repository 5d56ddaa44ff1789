import { createPtyMark, NotProven, ProvenPty, type PtyMark } from '../transport/proven-pty.ts';
import {
  describeLeftOut,
  describeOwnTerminal,
  loginFilesOf,
  PROFILE_FAULTS,
  type ProfileFault,
  startFilesOf,
} from '../transport/start-files.ts';
import { type Pty, TransportError } from '../transport/transport.ts';
import { type ProvenRequest, provenCommand, provenScript, type Way } from './proven-script.ts';

export interface ProvenHost {
  /** Starts a command line of the login shell on a terminal of the connection. Rejects with a TransportError. */
  open(command: string): Promise<Pty>;
  /** Starts a POSIX script on a terminal that the host makes itself. Rejects with a TransportError. */
  openPiped(script: string, mark: PtyMark): Promise<Pty>;
  /** Receives notes about the host for the user. */
  note(text: string): void;
  /** The method that last worked on this connection, tried first the next time; may be absent. */
  readonly memory: { worked?: Attempt };
}

export interface Attempt {
  readonly way: Way;
  readonly piped: boolean;
}

const LOGIN: Attempt = { way: 'login', piped: false };
/** Fallbacks if the login runs commands on a terminal, but its profile interferes. */
const WITHOUT_PROFILE: readonly Attempt[] = [{ way: 'plain', piped: false }];
/**
 * Fallbacks if the login runs no commands on a terminal: the cause (`[ -n "$SSH_TTY" ] && exec tmux` in .bashrc) is absent without an ssh terminal.
 */
const WITHOUT_TERMINAL: readonly Attempt[] = [
  { way: 'login', piped: true },
  { way: 'plain', piped: true },
];

/**
 * Starts a script on a terminal, and returns the terminal once the script has proven that it runs, without earlier output. Leaves out a profile that
 * replaces the script or never finishes. Rejects with a TransportError: `no-shell` if the script cannot start at all.
 */
export async function startProven(host: ProvenHost, request: ProvenRequest): Promise<Pty> {
  const { worked } = host.memory;
  if (worked !== undefined) {
    const again = await attempt(host, request, worked).catch(() => null);
    if (again !== null && !(again instanceof NotProven)) return again.pty;
    delete host.memory.worked;
  }
  const first = await attempt(host, request, LOGIN);
  if (!(first instanceof NotProven)) return first.pty;
  for (const next of first.reached ? WITHOUT_PROFILE : WITHOUT_TERMINAL) {
    const started = await attempt(host, request, next).catch((error: unknown) => {
      // Report the first failure: the lack of a fallback is not the cause.
      if (error instanceof TransportError && error.kind === 'no-shell') throw explain(first);
      throw error;
    });
    if (started instanceof NotProven) continue;
    const { pty, loginShell } = started;
    host.memory.worked = next;
    if (next.piped) host.note(describeOwnTerminal(first.why, loginShell, 'opencode'));
    else host.note(describeLeftOut(first.why, loginShell, 'opencode'));
    return pty;
  }
  throw explain(first);
}

async function attempt(
  host: ProvenHost,
  request: ProvenRequest,
  { way, piped }: Attempt,
): Promise<{ readonly pty: Pty; readonly loginShell: string } | NotProven> {
  const mark = createPtyMark();
  const opened = piped
    ? host.openPiped(provenScript(request, mark, way), mark)
    : host.open(provenCommand(request, mark, way));
  const pty = new ProvenPty(await opened, mark);
  try {
    return { pty, loginShell: (await pty.proven).loginShell };
  } catch (error) {
    if (error instanceof NotProven) return error;
    throw error;
  }
}

function explain(failure: NotProven): TransportError {
  const { reached, why, words, loginShell } = failure;
  const files = reached ? loginFilesOf(loginShell) : startFilesOf(loginShell);
  const message = why === 'ended' && !words.silent ? words.reason() : `the login ${OF_LOGIN[why]}`;
  const said = words.silent || why === 'screen-taken' ? [] : ['The host said:', ...words.lines()];
  return new TransportError('no-shell', message, {
    hint: [`opencode was not started: the profile ${PROFILE_FAULTS[why]}. Look at ${files}.`, ...said].join('\n'),
    cause: failure,
  });
}

const OF_LOGIN = {
  ended: 'ended before opencode was started',
  'screen-taken': 'starts another program on its terminal, such as tmux',
  silent: 'did not get as far as opencode',
} as const satisfies Record<ProfileFault, string>;
