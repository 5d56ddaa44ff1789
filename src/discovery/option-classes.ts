/**
 * What becomes of a keyword that `ssh -G` prints:
 * - `honoured`: part of SshOptions, or of how ssh itself found what it printed;
 * - `openssh-only`: a host that sets it is left to the system's ssh;
 * - `not-used`: has no effect here, and the person is told so;
 * - `irrelevant`: can make no difference to what this program does.
 */
export type OptionClass = 'honoured' | 'openssh-only' | 'not-used' | 'irrelevant';

/** Every keyword of OpenSSH 6.8 to 10.2 that `ssh -G` can print, spelled as in ssh_config(5). */
const KEYWORDS: Readonly<Record<OptionClass, readonly string[]>> = {
  honoured: [
    ...[
      'Host',
      'HostName',
      'User',
      'Port',
      'Tag',
      'AddressFamily',
      'BindAddress',
      'ConnectTimeout',
      'ConnectionAttempts',
    ],
    ...['ServerAliveInterval', 'ServerAliveCountMax', 'ProxyJump', 'ProxyCommand', 'ControlPath', 'Compression'],
    ...['CanonicalDomains', 'CanonicalizeFallbackLocal', 'CanonicalizeHostname', 'CanonicalizeMaxDots'],
    ...['CanonicalizePermittedCNAMEs', 'UserKnownHostsFile', 'GlobalKnownHostsFile', 'HostKeyAlias', 'HashKnownHosts'],
    ...['StrictHostKeyChecking', 'BatchMode', 'IdentityFile', 'IdentitiesOnly', 'IdentityAgent', 'ForwardAgent'],
    ...['PreferredAuthentications', 'GSSAPIAuthentication', 'HostbasedAuthentication', 'PubkeyAuthentication'],
    ...['KbdInteractiveAuthentication', 'ChallengeResponseAuthentication', 'PasswordAuthentication'],
    ...['NumberOfPasswordPrompts', 'Ciphers', 'MACs', 'KexAlgorithms', 'HostKeyAlgorithms', 'SetEnv', 'SendEnv'],
    ...['RequiredRSASize', 'PubkeyAcceptedAlgorithms', 'PubkeyAcceptedKeyTypes'],
    // Apple only: the system's ssh asks the keychain for passphrases.
    'UseKeychain',
    // Certificates, whose signatures these are, are checked by the system's ssh alone.
    'CASignatureAlgorithms',
    // It takes away the forwards that are not used here either.
    'ClearAllForwardings',
  ],
  'openssh-only': [
    ...['PKCS11Provider', 'SmartcardDevice', 'SecurityKeyProvider', 'CertificateFile', 'KnownHostsCommand'],
    ...['VerifyHostKeyDNS', 'CheckHostIP', 'RevokedHostKeys', 'NoHostAuthenticationForLocalhost', 'BindInterface'],
    // ssh refuses with the person's own words.
    ...['ProxyUseFdpass', 'GSSAPIKeyExchange', 'RefuseConnection'],
  ],
  'not-used': [
    ...['LocalForward', 'RemoteForward', 'DynamicForward', 'GatewayPorts', 'ExitOnForwardFailure', 'PermitRemoteOpen'],
    ...['ForwardX11', 'ForwardX11Trusted', 'ForwardX11Timeout', 'XAuthLocation', 'Tunnel', 'TunnelDevice'],
    ...['StreamLocalBindMask', 'StreamLocalBindUnlink', 'RemoteCommand', 'RequestTTY', 'SessionType', 'StdinNull'],
    ...['ForkAfterAuthentication', 'LocalCommand', 'PermitLocalCommand', 'EscapeChar', 'EnableEscapeCommandline'],
    ...['ControlMaster', 'ControlPersist', 'VisualHostKey', 'FingerprintHash', 'UpdateHostKeys', 'AddKeysToAgent'],
    ...['IPQoS', 'RekeyLimit', 'TCPKeepAlive', 'ChannelTimeout', 'ObscureKeystrokeTiming'],
    ...['LogLevel', 'LogVerbose', 'SyslogFacility', 'VersionAddendum', 'WarnWeakCrypto'],
    ...['HostbasedAcceptedAlgorithms', 'KbdInteractiveDevices'],
    // Of older versions.
    ...['HostbasedKeyTypes', 'Protocol', 'Cipher', 'CompressionLevel', 'UsePrivilegedPort'],
    ...['RSAAuthentication', 'RhostsRSAAuthentication'],
  ],
  irrelevant: [
    // GSSAPI and host-based authentication are done by the system's ssh alone, which reads these by itself.
    ...['GSSAPIDelegateCredentials', 'GSSAPITrustDNS', 'GSSAPIRenewalForcesRekey', 'GSSAPIKexAlgorithms'],
    ...['GSSAPIClientIdentity', 'GSSAPIServerIdentity', 'EnableSSHKeysign'],
    // Says what the parser of the configuration may pass over.
    'IgnoreUnknown',
  ],
};

const classes = new Map<string, OptionClass>();
const spellings = new Map<string, string>();
for (const name of ['honoured', 'openssh-only', 'not-used', 'irrelevant'] as const) {
  for (const keyword of KEYWORDS[name]) {
    classes.set(keyword.toLowerCase(), name);
    spellings.set(keyword.toLowerCase(), keyword);
  }
}

/** The class of a keyword in lower case; `null` for one that this program has never heard of. */
export function classOfOption(keyword: string): OptionClass | null {
  return classes.get(keyword) ?? null;
}

/** The keyword as ssh_config(5) spells it; as given when it is not known. */
export function spellOption(keyword: string): string {
  return spellings.get(keyword) ?? keyword;
}

const OFF: ReadonlySet<string> = new Set(['no', 'false', 'none']);
/** For these, off is a wish too: this program keeps TCP alive, opens terminals and runs commands. */
const OFF_IS_A_WISH: ReadonlySet<string> = new Set(['tcpkeepalive', 'requesttty', 'sessiontype']);

/** Tells whether a value asks for no more than what this program does anyway. */
export function asksForNothing(keyword: string, value: string): boolean {
  if (keyword === 'securitykeyprovider') return value === 'internal';
  return classes.has(keyword) && !OFF_IS_A_WISH.has(keyword) && OFF.has(value.toLowerCase());
}
