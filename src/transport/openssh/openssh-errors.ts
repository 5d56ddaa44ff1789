import { TransportError, type TransportErrorKind } from '../transport.ts';

/** Characters of ssh's own output quoted in a hint. */
const MAX_EXCERPT_CHARS = 600;

interface Reason {
  readonly pattern: RegExp;
  readonly kind: TransportErrorKind;
  /** One line; `$1` and so on are the groups of the pattern. */
  readonly message: string;
  readonly hint?: string;
}

/**
 * Messages that ssh(1) prints when it gives up, most specific first: a hop's or the host's message comes before the
 * resulting error of the connection. Texts as in OpenSSH 7.6 to 10 (ssh.c, sshconnect.c, sshconnect2.c, packet.c,
 * readconf.c, clientloop.c) and strerror(3).
 */
const REASONS: readonly Reason[] = [
  {
    pattern: /REVOKED HOST KEY DETECTED/,
    kind: 'host-key-changed',
    message: 'the host key is marked as revoked',
    hint: 'Do not connect: its operator has revoked this key.',
  },
  {
    pattern: /Offending (\S+) key in ([^\n]+:\d+)/,
    kind: 'host-key-changed',
    message: 'not the $1 key in $2',
    hint: 'Someone may be intercepting the connection, or the host was reinstalled. If you are sure of the new key, remove $2.',
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    kind: 'host-key-changed',
    message: 'not the host key on record',
    hint: 'Someone may be intercepting the connection, or the host was reinstalled.',
  },
  {
    pattern: /No (\S+) host key is known for ([^\n]+?) and you have requested strict checking/,
    kind: 'host-key-unknown',
    message: 'no $1 key is on record for $2',
    hint: "Compare the key with the host's own, then connect once with ssh to record it.",
  },
  {
    pattern: /Host key verification failed/,
    kind: 'host-key-unknown',
    message: 'the host key was not trusted',
    hint: "Compare the key with the host's own, then connect once with ssh to record it.",
  },
  {
    pattern: /Too many authentication failures/,
    kind: 'auth',
    message: 'too many authentication failures',
    hint: 'The host closed the connection before the right key was tried: set IdentityFile and IdentitiesOnly for it.',
  },
  {
    pattern: /(?:^|\n)(?:([^\s:]+): )?Permission denied \(([^)\n]*)\)/,
    kind: 'auth',
    message: 'permission denied ($2)',
    hint: 'Check the user, the keys and the agent with: ssh -v',
  },
  {
    pattern: /Could not resolve hostname ([^\s:]+)/,
    kind: 'dns',
    message: 'the name $1 does not resolve',
  },
  { pattern: /connect to host (\S+) port (\d+): Connection refused/, kind: 'refused', message: 'connection refused' },
  {
    pattern:
      /(?:(?:Connection|Operation) timed out|Connection to [^\n]* timed out|Timeout, server [^\n]* not responding)/,
    kind: 'timeout',
    message: 'connection timed out',
  },
  {
    pattern: /No route to host|Network is unreachable|Host is down|Cannot assign requested address/,
    kind: 'unreachable',
    message: 'no route to the host',
  },
  { pattern: /open failed: connect failed: Connection refused/, kind: 'refused', message: 'connection refused' },
  {
    pattern: /(Unable to negotiate with [^\n]*?: )?(no matching [^\n]+? found)/,
    kind: 'protocol',
    message: '$2',
    hint: "The host and this machine's ssh share no algorithm: see ssh_config(5), Ciphers, KexAlgorithms, HostKeyAlgorithms.",
  },
  {
    pattern:
      /(Bad configuration option: [^\n]+|Bad owner or permissions on [^\n]+|terminating, \d+ bad configuration options)/,
    kind: 'protocol',
    message: '$1',
  },
  {
    pattern: /path "?([^"\n]+?)"? too long for Unix domain socket|ControlPath too long \('([^'\n]+)'/,
    kind: 'protocol',
    message: 'its ControlPath is too long for a socket',
    hint: 'A socket path has at most 103 bytes on macOS and 107 on Linux, and ssh needs 17 of them: shorten ssh.control_path or ControlPath.',
  },
  { pattern: /Connection refused/, kind: 'refused', message: 'connection refused' },
  {
    pattern: /(Bad packet length|invalid characters|Protocol major versions differ|Corrupted MAC|incorrect signature)/,
    kind: 'protocol',
    message: 'the host does not speak SSH: $1',
  },
  {
    pattern: /(?:Connection|Disconnected)[^\n]* (?:closed|reset|from)|Broken pipe|Received disconnect|Connection reset/,
    kind: 'closed',
    message: 'the host closed the connection',
  },
];

/**
 * The stream ended before the host identified itself: the command that provided it may have printed why (sshconnect.c,
 * kex.c).
 */
const BROKEN_WAY = /^(?:(?:kex_|ssh_)exchange_identification|banner exchange): /m;

/**
 * Explains from ssh's log why it gave up. `printed` is its stderr, where a ProxyCommand or a host may write: it is used
 * if the log gives no reason, and is shown otherwise.
 */
export function explainSshFailure(log: string, printed = ''): TransportError {
  const [own, other] = [ownLines(log), ownLines(printed)];
  const lines = [...other, ...own];
  const logged = own.join('\n');
  const byLog = findReason(logged);
  const ofWay = byLog === null || (byLog.reason.kind === 'closed' && BROKEN_WAY.test(logged));
  const found = (ofWay ? findReason(other.join('\n')) : null) ?? byLog;
  if (found !== null) {
    const { kind, message, hint } = found.reason;
    const fill = (template: string) => template.replace(/\$(\d)/g, (_, index) => found.groups[Number(index)] ?? '');
    return new TransportError(kind, fill(message), { hint: hintOf(hint === undefined ? [] : [fill(hint)], lines) });
  }
  const last = lines.at(-1);
  return new TransportError(
    'closed',
    last === undefined ? 'ssh ended without a message' : `ssh: ${last.slice(0, 200)}`,
    {
      hint: hintOf([], lines),
    },
  );
}

function findReason(text: string): { readonly reason: Reason; readonly groups: readonly string[] } | null {
  for (const reason of REASONS) {
    const groups = reason.pattern.exec(text);
    if (groups !== null) return { reason, groups };
  }
  return null;
}

/** Returns the lines that are not empty, debug output, or part of a frame. */
function ownLines(printed: string): string[] {
  return printed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .map((line) => line.replace(/^@ +(.*?) +@$/, '$1'))
    .filter((line) => line !== '' && !/^(?:debug\d|OpenSSH_|@+$)/.test(line));
}

function hintOf(advice: readonly string[], lines: readonly string[]): string | undefined {
  const said = lines.slice(-4).join('\n').slice(-MAX_EXCERPT_CHARS);
  const all = [...advice, ...(said === '' ? [] : [`ssh says: ${said}`])];
  return all.length === 0 ? undefined : all.join('\n');
}
