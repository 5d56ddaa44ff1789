import type { LabHostPlan } from '../ssh-lab/plan.ts';

/** An opencode that keeps its database where 1.18.33 does, and writes down each start. */
export const FAKE_OPENCODE = `#!/bin/sh
echo "$*" >>"$HOME/started"
case $1 in
  --version) echo 1.18.33 ;;
  db)
    data=\${XDG_DATA_HOME:-$HOME/.local/share}/opencode
    case $OPENCODE_DB in
      '') echo "$data/opencode.db" ;;
      /*) echo "$OPENCODE_DB" ;;
      *) echo "$data/$OPENCODE_DB" ;;
    esac ;;
esac
`;

/** A build of the channel `dev`, which keeps its sessions beside those of older builds. */
export const FAKE_CHANNEL = FAKE_OPENCODE.replace('$data/opencode.db', '$data/opencode-dev.db');

const toTools = 'PATH=$HOME/tools:$PATH; export PATH';
const tools = { 'tools/opencode': FAKE_OPENCODE };
const keepHistory = 'HISTFILE=$HOME/history; HISTSIZE=50; SAVEHIST=50';
const guard = 'case $- in *i*) ;; *) return ;; esac';

/** One host of the lab, and where its opencode or its database must turn up, below its home. */
export type LoginRow = {
  readonly plan: LabHostPlan;
  /** The program; `null` when there is none. */
  readonly opencode: string | null;
  /** `null` when opencode was never used there. */
  readonly database: string | null;
  /** True where `ssh HOST` does not find it either, so that only the usual folders are left. */
  readonly fallback?: true;
};

const row = (
  shell: string | undefined,
  home: Record<string, string>,
  opencode: string | null,
  database: string | null = null,
): LoginRow => ({ plan: { home, ...(shell === undefined ? {} : { shell }) }, opencode, database });

/** Rows in which a login sets the way to opencode; `ash` is the path of a busybox of that name. */
export const pathRows = (ash: string) =>
  ({
    'path-sh': row('/bin/sh', { ...tools, '.profile': toTools }, 'tools/opencode'),
    'path-ash': row(ash, { ...tools, '.profile': toTools }, 'tools/opencode'),
    'path-env-file': row(
      '/bin/dash',
      { ...tools, '.profile': 'ENV=$HOME/.shrc; export ENV', '.shrc': `${guard}\n${toTools}` },
      'tools/opencode',
    ),
    'path-bash-guard': row(
      '/bin/bash',
      { ...tools, '.profile': '. ~/.bashrc', '.bashrc': `${guard}\n${keepHistory}\n${toTools}` },
      'tools/opencode',
    ),
    'path-bash-login': row('/bin/bash', { ...tools, '.bash_login': `${toTools}\necho noise` }, 'tools/opencode'),
    'path-one-session': {
      ...row('/bin/bash', { ...tools, '.profile': toTools }, 'tools/opencode'),
      plan: { shell: '/bin/bash', home: { ...tools, '.profile': toTools }, sshd: ['MaxSessions 1'] },
    },
    'path-exec-zsh': row(
      '/bin/bash',
      { ...tools, '.bash_profile': 'exec zsh -l\n', '.zprofile': toTools, '.zshrc': '' },
      'tools/opencode',
    ),
    'path-zshrc': row(
      '/bin/zsh',
      { ...tools, '.zshrc': `${keepHistory}\nsetopt share_history\n${toTools}` },
      'tools/opencode',
    ),
    'path-zlogin': row('/bin/zsh', { ...tools, '.zlogin': toTools, '.zshrc': 'true' }, 'tools/opencode'),
    'path-fish': row(
      '/bin/fish',
      { ...tools, '.config/fish/config.fish': 'if status is-interactive\n  set -gx PATH $HOME/tools $PATH\nend\n' },
      'tools/opencode',
    ),
    'path-tcsh-login': row('/bin/tcsh', { ...tools, '.login': 'setenv PATH ~/tools:$PATH\n' }, 'tools/opencode'),
    'path-csh-guard': row(
      '/bin/csh',
      {
        ...tools,
        '.cshrc': 'if (! $?prompt) exit\nset savehist=(50 merge)\nset histfile=~/history\nset path=(~/tools $path)\n',
      },
      'tools/opencode',
    ),
    'path-ksh': row(
      '/bin/ksh',
      { ...tools, '.profile': 'ENV=$HOME/.kshrc; export ENV', '.kshrc': `${guard}\n${keepHistory}\n${toTools}` },
      'tools/opencode',
    ),
    'path-mksh': row('/bin/mksh', { ...tools, '.profile': `${keepHistory}\n${toTools}` }, 'tools/opencode'),
    'path-yash': row('/bin/yash', { ...tools, '.yash_profile': toTools, '.yashrc': 'true' }, 'tools/opencode'),
    'nvm-newest': {
      ...row('/bin/bash', node('.nvm/versions/node', 'bin', ['v9.11.2', 'v18.20.4', 'v22.1.0']), null),
      opencode: '.nvm/versions/node/v22.1.0/bin/opencode',
      fallback: true,
    },
    'nvm-default': {
      ...row(
        '/bin/bash',
        {
          ...node('.nvm/versions/node', 'bin', ['v9.11.2', 'v18.2.0', 'v18.20.4', 'v22.1.0']),
          '.nvm/alias/default': 'lts/hydrogen\n',
          '.nvm/alias/lts/hydrogen': 'v18.20.4\n',
        },
        null,
      ),
      opencode: '.nvm/versions/node/v18.20.4/bin/opencode',
      fallback: true,
    },
    'fnm-newest': {
      ...row(
        '/bin/zsh',
        { '.zshrc': '', ...node('.local/share/fnm/node-versions', 'installation/bin', ['v9.1.0', 'v20.0.0']) },
        null,
      ),
      opencode: '.local/share/fnm/node-versions/v20.0.0/installation/bin/opencode',
      fallback: true,
    },
  }) satisfies Record<string, LoginRow>;

function node(versions: string, programs: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${versions}/${name}/${programs}/opencode`, FAKE_OPENCODE]));
}

const data = '.local/share/opencode';
const toHome = 'PATH=$HOME/.opencode/bin:$PATH; export PATH';

/** Rows in which a login names the database. Those with `opencode` in their plan run the real one; the others get copies of its database. */
export const databaseRows = {
  'db-zshenv': {
    plan: {
      shell: '/bin/zsh',
      opencode: true,
      home: { '.zshrc': '', '.zshenv': `${toHome}\nexport OPENCODE_DB=work.db\n` },
    },
    opencode: '.opencode/bin/opencode',
    database: `${data}/work.db`,
  },
  'db-wrapper': {
    plan: {
      shell: '/bin/bash',
      opencode: true,
      home: {
        '.profile': toTools,
        'tools/opencode': '#!/bin/sh\nOPENCODE_DB=work.db exec "$HOME/.opencode/bin/opencode" "$@"\n',
      },
    },
    opencode: 'tools/opencode',
    database: `${data}/work.db`,
  },
  'db-data-home': {
    plan: {
      shell: '/bin/sh',
      opencode: true,
      home: { '.profile': `${toHome}\nXDG_DATA_HOME=$HOME/moved; export XDG_DATA_HOME\n` },
    },
    opencode: '.opencode/bin/opencode',
    database: 'moved/opencode/opencode.db',
  },
  'db-absolute': row(
    '/bin/bash',
    { ...tools, '.bash_profile': `${toTools}\nexport OPENCODE_DB=$HOME/else/abs.db\n` },
    'tools/opencode',
    'else/abs.db',
  ),
  'db-fish': row(
    '/bin/fish',
    {
      ...tools,
      '.config/fish/config.fish':
        'set -gx PATH $HOME/tools $PATH\nstatus is-interactive; and set -gx OPENCODE_DB work.db\n',
    },
    'tools/opencode',
    `${data}/work.db`,
  ),
  'db-tcsh': row(
    '/bin/tcsh',
    { ...tools, '.login': 'setenv PATH ~/tools:$PATH\nsetenv OPENCODE_DB work.db\n' },
    'tools/opencode',
    `${data}/work.db`,
  ),
  'db-channel': row(
    '/bin/bash',
    { 'tools/opencode': FAKE_CHANNEL, '.profile': toTools },
    'tools/opencode',
    `${data}/opencode-dev.db`,
  ),
  'db-channel-readonly': row(
    '/bin/bash',
    { 'tools/opencode': FAKE_CHANNEL, '.profile': toTools },
    'tools/opencode',
    `${data}/opencode-dev.db`,
  ),
} satisfies Record<string, LoginRow>;

/** Rows whose profile is slow or hangs; nothing else about them is unusual. */
export const slowRows = {
  'slow-zprofile': row('/bin/zsh', { ...tools, '.zprofile': `sleep 5\n${toTools}`, '.zshrc': '' }, 'tools/opencode'),
  'slow-fish': row(
    '/bin/fish',
    { ...tools, '.config/fish/config.fish': 'sleep 4\nset -gx PATH $HOME/tools $PATH\n' },
    'tools/opencode',
  ),
  'hung-profile': row(
    '/bin/bash',
    { '.local/bin/opencode': FAKE_OPENCODE, '.bash_profile': 'sleep 600\n' },
    '.local/bin/opencode',
  ),
} satisfies Record<string, LoginRow>;

/** Rows without an opencode, and the words that the hint must hold. */
export const missingRows = {
  'none-bash': {
    plan: { shell: '/bin/bash' },
    hint: 'Asked /bin/bash as a login shell, then as an interactive login shell',
  },
  'none-tcsh': {
    plan: { shell: '/bin/tcsh' },
    hint: 'Asked /bin/tcsh as a login shell, then as an interactive login shell',
  },
  'none-unknown': { plan: { shell: '#!/bin/sh\nexec /bin/sh "$@"\n' }, hint: 'ocr cannot ask the login shell' },
} satisfies Record<string, { readonly plan: LabHostPlan; readonly hint: string }>;
