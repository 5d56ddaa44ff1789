/**
 * `login` reads the files of a login shell; `interactive` also those of a terminal's shell after `ssh HOST`, such as the part of `.bashrc` below its
 * interactive guard.
 */
export const LOGIN_MODES = ['login', 'interactive'] as const;
export type LoginMode = (typeof LOGIN_MODES)[number];

/** The result of asking the login shell in one mode: `silent` gave no answer in time, `ended` ended without one, `unknown` is a shell that ocr cannot start. */
export const LOGIN_OUTCOMES = ['answered', 'silent', 'ended', 'unknown'] as const;
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number];

/** The variables that decide where opencode keeps its sessions. */
export const LOGIN_VARIABLES = ['OPENCODE_DB', 'XDG_DATA_HOME', 'OPENCODE_DISABLE_CHANNEL_DB'] as const;
export type LoginVariable = (typeof LOGIN_VARIABLES)[number];

/** The environment of a user's login on a host, as far as opencode depends on it. */
export interface LoginEnvironment {
  /** Path of the login shell. */
  readonly shell: string;
  /** The attempts to ask it, in order. */
  readonly asked: readonly { readonly mode: LoginMode; readonly outcome: LoginOutcome }[];
  /** The mode that gave this environment; `null` if the shell never answered. */
  readonly mode: LoginMode | null;
  /** PATH; `null` without an answer. */
  readonly path: string | null;
  /** The program that `opencode` resolves to; `null` if PATH has none. */
  readonly opencode: string | null;
  /** Only the variables that are set. */
  readonly variables: Readonly<Partial<Record<LoginVariable, string>>>;
  /** Milliseconds that the slowest start of the shell took. */
  readonly duration: number;
  /** Changes whenever a profile file of the user changes. */
  readonly profiles: string;
  /** When it was asked, epoch milliseconds of this machine's clock. */
  readonly readAt: number;
}

/** Milliseconds from which a login shell's start counts as slow. */
export const SLOW_PROFILE_MS = 3000;

/** Returns a key that differs if opencode would find other sessions; ignores how long the shell took. */
export function loginKey({ mode, path, opencode, variables }: LoginEnvironment): string {
  return JSON.stringify([mode, path, opencode, ...LOGIN_VARIABLES.map((name) => variables[name] ?? null)]);
}

/** Returns the login's environment as variables for a program that starts without its profile. */
export function loginVariables({ path, variables }: LoginEnvironment): Readonly<Record<string, string>> {
  return { ...(path !== null && { PATH: path }), ...variables };
}

/** Describes a profile that is slow or gave no answer; `null` if all is well. */
export function loginTrouble({ shell, asked, mode, duration }: LoginEnvironment): string | null {
  const seconds = Math.round(duration / 1000);
  const failed = asked.find(({ outcome }) => outcome === 'silent' || outcome === 'ended');
  if (failed !== undefined && mode === null) {
    const what = failed.outcome === 'silent' ? `did not answer within ${seconds} s` : 'ran no command';
    return `profile left out: ${shell} ${what} as a ${describeMode(failed.mode)}`;
  }
  return duration >= SLOW_PROFILE_MS ? `profile is slow (${seconds} s)` : null;
}

/** Describes in which modes a login shell was asked, for a hint. */
export function describeAsking({ shell, asked }: LoginEnvironment): string {
  if (asked.every(({ outcome }) => outcome === 'unknown')) {
    return `ocr cannot ask the login shell ${shell || '(none is set)'}`;
  }
  const parts = asked.map(({ mode, outcome }) =>
    outcome === 'answered' ? describeMode(mode) : `${describeMode(mode)}, which ${NO_ANSWER[outcome]}`,
  );
  return `Asked ${shell} as a ${parts.join(', then as an ')}`;
}

const NO_ANSWER = {
  silent: 'did not answer in time',
  ended: 'ended without an answer',
  unknown: 'ocr cannot start',
} as const satisfies Record<Exclude<LoginOutcome, 'answered'>, string>;

function describeMode(mode: LoginMode): string {
  return mode === 'login' ? 'login shell' : 'interactive login shell';
}
