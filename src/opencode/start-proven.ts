import { createPtyMark, NotProven, ProvenPty } from '../transport/proven-pty.ts';
import {
  describeLeftOut,
  loginFilesOf,
  PROFILE_FAULTS,
  type ProfileFault,
  startFilesOf,
} from '../transport/start-files.ts';
import { type Pty, TransportError } from '../transport/transport.ts';
import { type ProvenRequest, provenCommand, type Way } from './proven-script.ts';

export interface ProvenHost {
  /** Starts a command on a terminal. Rejects with a TransportError. */
  open(command: string): Promise<Pty>;
  /** Takes what the user should know of the host. */
  note(text: string): void;
}

const WAYS: readonly Way[] = ['login', 'plain'];

/**
 * Starts a script on a terminal and gives that once the script has proven that it runs, with nothing on it from before. A profile that puts something else
 * in the place of the script, or does not come to its end, is left out. Rejects with a TransportError: `no-shell` where the script cannot be started at all.
 */
export async function startProven(host: ProvenHost, request: ProvenRequest): Promise<Pty> {
  let failure: NotProven | null = null;
  for (const way of WAYS) {
    const mark = createPtyMark();
    const pty = new ProvenPty(await host.open(provenCommand(request, mark, way)), mark);
    try {
      const { loginShell } = await pty.proven;
      if (failure !== null) host.note(describeLeftOut(failure.why, loginShell, 'opencode'));
      return pty;
    } catch (error) {
      if (!(error instanceof NotProven)) throw error;
      failure ??= error;
      // What is read before the profile is read again.
      if (!error.reached) break;
    }
  }
  throw explain(failure);
}

function explain(failure: NotProven | null): TransportError {
  if (failure === null) return new TransportError('no-shell', 'opencode was not started');
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
  silent: 'did not come to starting opencode',
} as const satisfies Record<ProfileFault, string>;
