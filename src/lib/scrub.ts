/** Names and values that must not leave this machine. */
export interface Secrets {
  /** The user's home folder, shown as `~`. */
  readonly home: string;
  /** Host aliases, hostnames, user names. */
  readonly names: readonly string[];
  /** Values of variables that hold secrets. */
  readonly values: readonly string[];
}

/** A line of a stack trace, which names code and no data. */
const FRAME = /^\s+at /;
const USER_AT_HOST = /[\w.+-]+(?::[^\s@/]*)?@[\w.-]+(?::\d+)?/g;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const IPV6 = /(?<![\w:])(?:[\da-f]{0,4}:){3,7}[\da-f]{0,4}(?![\w:])/gi;
/** A word that introduces a secret. */
const NAMED_SECRET =
  /\b(password|passwd|passphrase|secret|token|authorization|api[_-]?key)(["']?\s*[:=]\s*["']?)(?:(?:basic|bearer)\s+)?[^\s"',;]+/gi;
const CREDENTIALS = /\b(basic|bearer) +[\w+/=.-]+/gi;
/** Long enough for a key, with digits and letters mixed. */
const TOKEN = /(?=[\w+=-]*\d)(?=[\w+=-]*[a-z])[\w+=-]{20,}/gi;
/** A quoted text, such as a title; one word is an identifier. */
const QUOTED = /"[^"\n]*"|'[^'\n]*'|`[^`\n]*`/g;
const IDENTIFIER = /^.[\w.$:-]{0,40}.$/;
const HOME_OF_OTHERS = /(\/home\/|\/Users\/)[^/\s:]+/g;

/**
 * Removes from a text what could identify the user, a host or a secret: the home folder, known names, `user@host`, addresses, tokens, passwords, and quoted
 * texts of several words.
 */
export function scrub(text: string, { home, names, values }: Secrets): string {
  const known = [...values, ...names]
    .filter((word) => word.length > 0)
    .toSorted((one, other) => other.length - one.length);
  const hide = (line: string) => {
    let hidden = home.length > 1 ? line.replaceAll(home, '~') : line;
    hidden = hidden.replace(HOME_OF_OTHERS, '$1…');
    if (!FRAME.test(line)) {
      hidden = hidden
        .replace(QUOTED, (quoted) => (IDENTIFIER.test(quoted) ? quoted : `${quoted[0]}…${quoted[0]}`))
        .replace(NAMED_SECRET, '$1$2…')
        .replace(CREDENTIALS, '$1 …')
        .replace(USER_AT_HOST, '…@…')
        .replace(IPV4, 'ADDRESS')
        .replace(IPV6, 'ADDRESS');
    }
    for (const word of known) hidden = replaceWord(hidden, word);
    return FRAME.test(line) ? hidden : hidden.replace(TOKEN, '…');
  };
  return text.split('\n').map(hide).join('\n');
}

/** Replaces a name where it stands alone. */
function replaceWord(text: string, word: string): string {
  const literal = word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, 'gi'), '…');
}
