/** Everything that one sshd of the fleet is told. Paths are absolute. */
export type SshdPlan = {
  readonly address: string;
  readonly port: number;
  readonly hostKey: string;
  readonly authorizedKeys: string;
  readonly passwordOnly: boolean;
  /** The variables that make one account look like another machine: HOME, PATH, XDG_... */
  readonly environment: Readonly<Record<string, string>>;
  readonly opensshVersion: number;
};

/** The text of an sshd_config(5) for one host, usable with and without root. */
export function formatSshdConfig(plan: SshdPlan): string {
  const yes = (condition: boolean) => (condition ? 'yes' : 'no');
  return [
    `ListenAddress ${plan.address}:${plan.port}`,
    `HostKey ${quote(plan.hostKey)}`,
    `AuthorizedKeysFile ${quote(plan.authorizedKeys)}`,
    'PidFile none',
    'LogLevel VERBOSE',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    `PubkeyAuthentication ${yes(!plan.passwordOnly)}`,
    `PasswordAuthentication ${yes(plan.passwordOnly)}`,
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'X11Forwarding no',
    'AllowTcpForwarding yes',
    'AllowStreamLocalForwarding yes',
    'MaxStartups 200:30:400',
    'MaxSessions 100',
    'PerSourceMaxStartups none',
    // Refused logins are what the fleet is for; newer servers would lock the client's address out for them.
    ...(plan.opensshVersion >= 9.08 ? ['PerSourcePenalties no'] : []),
    'Subsystem sftp internal-sftp',
    // One line: sshd honours the first SetEnv and ignores the others.
    `SetEnv ${Object.entries(plan.environment)
      .map(([name, value]) => quote(`${name}=${value}`))
      .join(' ')}`,
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
