import type { LabHostPlan } from './plan.ts';

/** The settings of a lab host's sshd beyond its plan. Paths are absolute. */
export type LabSshdPlan = {
  readonly address: string;
  readonly port: number;
  readonly hostKeys: readonly string[];
  readonly hostCertificates: readonly string[];
  readonly authorizedKeys: string;
  /** The public key of the authority that certifies users. */
  readonly userAuthority: string;
  readonly bannerFile: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Logs what it forwards. */
  readonly tellsForwards: boolean;
  readonly opensshVersion: number;
};

const passwordAlone = ['PasswordAuthentication yes', 'PubkeyAuthentication no', 'KbdInteractiveAuthentication no'];
const pamAlone = ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PubkeyAuthentication no'];

const access: Record<NonNullable<LabHostPlan['access']>, readonly string[]> = {
  key: [],
  password: passwordAlone,
  'keyboard-interactive': pamAlone,
  'two-prompts': pamAlone,
  'key-and-password': ['AuthenticationMethods publickey,password', 'PasswordAuthentication yes'],
  'key-and-code': [
    'AuthenticationMethods publickey,keyboard-interactive',
    'UsePAM yes',
    'KbdInteractiveAuthentication yes',
  ],
  certificate: ['AuthorizedKeysFile none'],
  none: ['PermitEmptyPasswords yes', ...passwordAlone],
  refused: ['AuthorizedKeysFile none'],
};

/** The text of an sshd_config(5), usable with and without root. A setting in the plan's own lines replaces the lab's. */
export function formatLabSshdConfig(plan: LabHostPlan, base: LabSshdPlan): string {
  const lines = plan.sshd ?? [];
  const firstMatch = lines.findIndex((line) => keyword(line) === 'match');
  const split = firstMatch < 0 ? lines.length : firstMatch;
  const own = lines.slice(0, split);
  // Replaced and not only preceded: of some settings (MaxStartups) sshd takes the last.
  const replaced = new Set(own.map(keyword));
  return [
    ...own,
    `ListenAddress ${base.address}:${base.port}`,
    ...base.hostKeys.map((path) => `HostKey ${quote(path)}`),
    ...base.hostCertificates.map((path) => `HostCertificate ${quote(path)}`),
    ...[...formatAccess(plan, base), ...formatDefaults(base)].filter((line) => !replaced.has(keyword(line))),
    ...lines.slice(split),
    '',
  ].join('\n');
}

function formatAccess(plan: LabHostPlan, { userAuthority, bannerFile }: LabSshdPlan): string[] {
  return [
    ...access[plan.access ?? 'key'],
    ...(plan.access === 'certificate' ? [`TrustedUserCAKeys ${quote(userAuthority)}`] : []),
    ...(bannerFile === undefined ? [] : [`Banner ${quote(bannerFile)}`]),
  ];
}

/** They come after what access asks for: of these settings sshd takes the first. */
function formatDefaults({ authorizedKeys, tellsForwards, opensshVersion, environment }: LabSshdPlan): string[] {
  const variables = Object.entries(environment).map(([name, value]) => quote(`${name}=${value}`));
  return [
    `AuthorizedKeysFile ${quote(authorizedKeys)}`,
    `LogLevel ${tellsForwards ? 'DEBUG' : 'VERBOSE'}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'MaxStartups 200:30:400',
    // Refused logins are what the lab is for; newer servers would lock the client's address out for them.
    ...(opensshVersion >= 9.08 ? ['PerSourcePenalties no'] : []),
    'Subsystem sftp internal-sftp',
    // One line: sshd honours the first SetEnv and ignores the others.
    `SetEnv ${variables.join(' ')}`,
  ];
}

/** The keyword that a line sets; sshd ignores case, and whether `=` or a space follows. */
function keyword(line: string): string {
  return (/^\s*(\w+)/.exec(line)?.[1] ?? '').toLowerCase();
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
