interface StartFiles {
  /** Read for commands over ssh too. bash does so only if built for it, as on Debian. */
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
/** For an unknown login shell. */
export const ANY_START_FILE =
  'a start-up file of the login shell, such as ~/.bashrc, ~/.zshenv or ~/.config/fish/config.fish';

/** Returns the files to check when a command over ssh fails in the start-up of a login shell (a path, or empty). */
export function startFilesOf(loginShell: string): string {
  return filesOf(loginShell)?.always ?? ANY_START_FILE;
}

/** Returns the files to check when a login fails in them. */
export function loginFilesOf(loginShell: string): string {
  return filesOf(loginShell)?.login ?? ANY_START_FILE;
}

/** How a profile interferes with a program started after it. */
export const PROFILE_FAULTS = {
  ended: 'replaces or ends the shell',
  'screen-taken': 'starts another program in place of the shell',
  silent: 'does not finish',
} as const;
export type ProfileFault = keyof typeof PROFILE_FAULTS;

/** Describes a program started without the profile of a login shell (a path, or empty), the reason, and the file to check. */
export function describeLeftOut(fault: ProfileFault, loginShell: string, program: string): string {
  const shell = loginShell.split('/').at(-1) || 'the login shell';
  return `the profile of ${shell} ${PROFILE_FAULTS[fault]}; ${program} was started without it (look at ${loginFilesOf(loginShell)})`;
}

/** Describes a program that runs on a terminal that the host made, since commands fail on an ssh terminal. */
export function describeOwnTerminal(fault: ProfileFault, loginShell: string, program: string): string {
  return `on an ssh terminal, the profile ${PROFILE_FAULTS[fault]}; ${program} runs on a terminal that the host made (look at ${startFilesOf(loginShell)})`;
}

function filesOf(loginShell: string): StartFiles | undefined {
  const name = loginShell.split('/').at(-1) ?? '';
  return START_FILES[name] ?? (OF_SH.test(name) ? SH : undefined);
}
