/** One `Host` block of the fleet's client configuration. */
export type SshConfigHost = { readonly alias: string; readonly address: string };

export type SshConfigPlan = {
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHosts: string;
  /** Hosts of the main file. */
  readonly hosts: readonly SshConfigHost[];
  /** Absolute path of the file with the other hosts. */
  readonly include: string;
};

/**
 * Returns an ssh_config(5) as users write it: an Include, host blocks, a pattern, and `Host *` last. Omits
 * ConnectTimeout on purpose: tests should see ssh's own default.
 */
export function formatSshConfig(plan: SshConfigPlan): string {
  return [
    `Include "${plan.include}"`,
    '',
    ...plan.hosts.map(formatSshConfigHost),
    'Host fleet-*',
    '  ForwardAgent no',
    '',
    'Host *',
    `  Port ${plan.port}`,
    `  User ${plan.user}`,
    `  IdentityFile "${plan.identityFile}"`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile "${plan.knownHosts}"`,
    '  GlobalKnownHostsFile /dev/null',
    '',
  ].join('\n');
}

/** One `Host` block, followed by an empty line. */
export function formatSshConfigHost(host: SshConfigHost): string {
  return `Host ${host.alias}\n  HostName ${host.address}\n`;
}
