interface StartFiles {
  /** Read for a command over ssh too. bash does so only where it was built to, as on Debian. */
  readonly always: string;
  /** Read for a login. */
  readonly login: string;
}

const SH: StartFiles = { always: 'the file that ENV names', login: '~/.profile' };
const CSH: StartFiles = { always: '~/.cshrc', login: '~/.login or ~/.cshrc' };
const START_FILES: Readonly<Record<string, StartFiles>> = {
  bash: { always: '~/.bashrc', login: '~/.bash_profile, ~/.bash_login, ~/.profile or ~/.bashrc' },
  zsh: { always: '~/.zshenv', login: '~/.zprofile, ~/.zlogin, ~/.zshrc or ~/.zshenv' },
  fish: { always: '~/.config/fish/config.fish', login: '~/.config/fish/config.fish' },
  tcsh: { always: '~/.tcshrc or ~/.cshrc', login: '~/.login, ~/.tcshrc or ~/.cshrc' },
  csh: CSH,
};
/** Shells of the Bourne and Korn families. */
const OF_SH = /^(?:sh|d?ash|yash|busybox|r?(?:m|lk|ok|lok|pd)?ksh\d*)$/;
/** For a login shell that is not known. */
export const ANY_START_FILE =
  'a start-up file of the login shell, such as ~/.bashrc, ~/.zshenv or ~/.config/fish/config.fish';

/** The files to look at when a command over ssh goes wrong in the start-up of a login shell (a path, or empty). */
export function startFilesOf(loginShell: string): string {
  return filesOf(loginShell)?.always ?? ANY_START_FILE;
}

/** The files to look at when a login goes wrong in them. */
export function loginFilesOf(loginShell: string): string {
  return filesOf(loginShell)?.login ?? ANY_START_FILE;
}

/** How a profile is in the way of a program that is started after it. */
export const PROFILE_FAULTS = {
  ended: 'replaces or ends the shell',
  'screen-taken': 'starts another program in place of the shell',
  silent: 'does not come to its end',
} as const;
export type ProfileFault = keyof typeof PROFILE_FAULTS;

/** Says that a program was started without the profile of a login shell (a path, or empty), why, and where to look. */
export function describeLeftOut(fault: ProfileFault, loginShell: string, program: string): string {
  const shell = loginShell.split('/').at(-1) || 'the login shell';
  return `the profile of ${shell} ${PROFILE_FAULTS[fault]}; ${program} was started without it (look at ${loginFilesOf(loginShell)})`;
}

/** Says that a program runs on a terminal that the host made, since commands get nowhere on one of ssh. */
export function describeOwnTerminal(fault: ProfileFault, loginShell: string, program: string): string {
  return `on a terminal of ssh the profile ${PROFILE_FAULTS[fault]}; ${program} runs on another one (look at ${startFilesOf(loginShell)})`;
}

function filesOf(loginShell: string): StartFiles | undefined {
  const name = loginShell.split('/').at(-1) ?? '';
  return START_FILES[name] ?? (OF_SH.test(name) ? SH : undefined);
}
