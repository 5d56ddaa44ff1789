import { LOGIN_VARIABLES, type LoginEnvironment, type LoginMode, type LoginOutcome } from '../domain/login.ts';

/** The login shell's answer in one mode. */
export interface LoginAnswer {
  readonly shell: string;
  readonly profiles: string;
  readonly outcome: LoginOutcome;
  /** `null` without an answer. */
  readonly environment: Pick<LoginEnvironment, 'path' | 'opencode' | 'variables'> | null;
}

/** Parses the output of `askLoginScript`. Lines without that mark are ignored. */
export function parseLogin(output: string, mark: string): LoginAnswer {
  const start = `@ocr ${mark} `;
  const facts = new Map<string, string>();
  for (const line of output.split('\n')) {
    if (!line.startsWith(start)) continue;
    const [name = '', ...rest] = line.slice(start.length).split(' ');
    facts.set(name, rest.join(' '));
  }
  const { shell = '', profiles = '', outcome } = Object.fromEntries(facts);
  const common = { shell, profiles };
  if (!facts.has('end')) {
    return { ...common, outcome: outcome === 'silent' || outcome === 'unknown' ? outcome : 'ended', environment: null };
  }
  const variables = Object.fromEntries(
    LOGIN_VARIABLES.flatMap((name) => {
      const value = facts.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    ...common,
    outcome: 'answered',
    environment: { path: facts.get('PATH') ?? null, opencode: facts.get('opencode') ?? null, variables },
  };
}

/** One mode's answer, and its duration in milliseconds. */
export interface TimedAnswer extends LoginAnswer {
  readonly mode: LoginMode;
  readonly duration: number;
}

/**
 * Picks the answer that counts: the plain login's, unless only the interactive one knows opencode or finds other sessions. Then the interactive one
 * is what the user gets by `ssh HOST`.
 */
export function settleLogin(answers: readonly TimedAnswer[], readAt: number): LoginEnvironment {
  const told = (wanted: LoginMode) => answers.find(({ mode, environment }) => mode === wanted && environment !== null);
  const [login, interactive] = [told('login'), told('interactive')];
  const chosen =
    interactive !== undefined && (login === undefined || differs(login, interactive)) ? interactive : login;
  return {
    shell: answers[0]?.shell ?? '',
    asked: answers.map(({ mode, outcome }) => ({ mode, outcome })),
    mode: chosen?.mode ?? null,
    path: chosen?.environment?.path ?? null,
    opencode: chosen?.environment?.opencode ?? null,
    variables: chosen?.environment?.variables ?? {},
    duration: Math.max(0, ...answers.map(({ duration }) => duration)),
    profiles: answers[0]?.profiles ?? '',
    readAt,
  };
}

/** True if the interactive shell knows opencode, and would start another one or find other sessions. */
function differs({ environment: login }: TimedAnswer, { environment: interactive }: TimedAnswer): boolean {
  if (login === null || interactive === null || interactive.opencode === null) return false;
  if (login.opencode !== interactive.opencode) return true;
  return LOGIN_VARIABLES.some((name) => login.variables[name] !== interactive.variables[name]);
}
