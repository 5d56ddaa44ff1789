/**
 * How this program treats a keyword that `ssh -G` prints:
 * - `honoured`: part of SshOptions, or already applied in ssh's output;
 * - `openssh-only`: a host that sets it is left to the system's ssh;
 * - `not-used`: has no effect here, and the user is told so;
 * - `irrelevant`: makes no difference to this program.
 */
export type OptionClass = 'honoured' | 'openssh-only' | 'not-used' | 'irrelevant';

/** Every keyword of OpenSSH 6.8 to 10.2 that `ssh -G` can print, spelled as in ssh_config(5). */
const KEYWORDS: Readonly<Record<OptionClass, readonly string[]>> = {
  honoured: [
    'Host',
    'HostName',
    'User',
    'Port',
    'Tag',
    'AddressFamily',
    'BindAddress',
    'ConnectTimeout',
    'ConnectionAttempts',
    'ServerAliveInterval',
    'ServerAliveCountMax',
    'ProxyJump',
    'ProxyCommand',
    'ControlPath',
    'Compression',
    'CanonicalDomains',
    'CanonicalizeFallbackLocal',
    'CanonicalizeHostname',
    'CanonicalizeMaxDots',
    'CanonicalizePermittedCNAMEs',
    'UserKnownHostsFile',
    'GlobalKnownHostsFile',
    'HostKeyAlias',
    'HashKnownHosts',
    'StrictHostKeyChecking',
    'BatchMode',
    'IdentityFile',
    'IdentitiesOnly',
    'IdentityAgent',
    'ForwardAgent',
    'PreferredAuthentications',
    'GSSAPIAuthentication',
    'HostbasedAuthentication',
    'PubkeyAuthentication',
    'KbdInteractiveAuthentication',
    'ChallengeResponseAuthentication',
    'PasswordAuthentication',
    'NumberOfPasswordPrompts',
    'Ciphers',
    'MACs',
    'KexAlgorithms',
    'HostKeyAlgorithms',
    'SetEnv',
    'SendEnv',
    'RequiredRSASize',
    'PubkeyAcceptedAlgorithms',
    'PubkeyAcceptedKeyTypes',
    // Apple only: the system's ssh asks the keychain for passphrases.
    'UseKeychain',
    // Only the system's ssh checks certificates and their signatures.
    'CASignatureAlgorithms',
    // It removes forwards, which are not used here anyway.
    'ClearAllForwardings',
  ],
  'openssh-only': [
    'PKCS11Provider',
    'SmartcardDevice',
    'SecurityKeyProvider',
    'CertificateFile',
    'KnownHostsCommand',
    'VerifyHostKeyDNS',
    'CheckHostIP',
    'RevokedHostKeys',
    'NoHostAuthenticationForLocalhost',
    'BindInterface',
    // ssh refuses with the user's own text.
    'ProxyUseFdpass',
    'GSSAPIKeyExchange',
    'RefuseConnection',
  ],
  'not-used': [
    'LocalForward',
    'RemoteForward',
    'DynamicForward',
    'GatewayPorts',
    'ExitOnForwardFailure',
    'PermitRemoteOpen',
    'ForwardX11',
    'ForwardX11Trusted',
    'ForwardX11Timeout',
    'XAuthLocation',
    'Tunnel',
    'TunnelDevice',
    'StreamLocalBindMask',
    'StreamLocalBindUnlink',
    'RemoteCommand',
    'RequestTTY',
    'SessionType',
    'StdinNull',
    'ForkAfterAuthentication',
    'LocalCommand',
    'PermitLocalCommand',
    'EscapeChar',
    'EnableEscapeCommandline',
    'ControlMaster',
    'ControlPersist',
    'VisualHostKey',
    'FingerprintHash',
    'UpdateHostKeys',
    'AddKeysToAgent',
    'IPQoS',
    'RekeyLimit',
    'TCPKeepAlive',
    'ChannelTimeout',
    'ObscureKeystrokeTiming',
    'LogLevel',
    'LogVerbose',
    'SyslogFacility',
    'VersionAddendum',
    'WarnWeakCrypto',
    'HostbasedAcceptedAlgorithms',
    'KbdInteractiveDevices',
    // Keywords of older versions.
    'HostbasedKeyTypes',
    'Protocol',
    'Cipher',
    'CompressionLevel',
    'UsePrivilegedPort',
    'RSAAuthentication',
    'RhostsRSAAuthentication',
  ],
  irrelevant: [
    // GSSAPI and host-based authentication are done by the system's ssh alone, which reads these by itself.
    'GSSAPIDelegateCredentials',
    'GSSAPITrustDNS',
    'GSSAPIRenewalForcesRekey',
    'GSSAPIKexAlgorithms',
    'GSSAPIClientIdentity',
    'GSSAPIServerIdentity',
    'EnableSSHKeysign',
    // Tells the configuration's parser what to skip.
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

/** Returns the class of a keyword in lower case; `null` if it is unknown. */
export function classOfOption(keyword: string): OptionClass | null {
  return classes.get(keyword) ?? null;
}

/** Returns the keyword in ssh_config(5)'s spelling; unchanged if it is unknown. */
export function spellOption(keyword: string): string {
  return spellings.get(keyword) ?? keyword;
}

const OFF: ReadonlySet<string> = new Set(['no', 'false', 'none']);
/** For these, off is a setting too: this program keeps TCP alive, opens terminals and runs commands. */
const OFF_IS_A_WISH: ReadonlySet<string> = new Set(['tcpkeepalive', 'requesttty', 'sessiontype']);

/** True if a value asks for nothing beyond what this program does anyway. */
export function asksForNothing(keyword: string, value: string): boolean {
  if (keyword === 'securitykeyprovider') return value === 'internal';
  return classes.has(keyword) && !OFF_IS_A_WISH.has(keyword) && OFF.has(value.toLowerCase());
}
