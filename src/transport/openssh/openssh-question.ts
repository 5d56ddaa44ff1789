import type { SecretQuestion } from '../../domain/question.ts';

/** A request to ssh's SSH_ASKPASS program: the text, and SSH_ASKPASS_PROMPT of ssh(1). */
export interface AskpassRequest {
  readonly prompt: string;
  /** `confirm` wants a yes or no, `none` only shows the text, such as `Confirm user presence for key ...`. */
  readonly hint: 'confirm' | 'none' | null;
  /** Pid of the ssh process that asks. */
  readonly asker: number;
}

/** A reusable secret: of a key file, or of an account such as `ada@web1`. */
export interface SshSecret {
  readonly kind: 'passphrase' | 'password';
  readonly of: string;
}

/** ssh's own prompts in full (sshconnect2.c): similar text may come from a server. */
const SECRETS: readonly (readonly [RegExp, SshSecret['kind']])[] = [
  [/^Enter passphrase for (?:key )?'?([^\n']+?)'?: ?$/, 'passphrase'],
  [/^(\S+@\S+)'s password: ?$/, 'password'],
];

/** Prefix of a server's prompt (keyboard-interactive), since OpenSSH 8.5. */
const OF_SERVER = /^\(([^)\n]+@[^)\n]+)\) (.*)$/s;

/**
 * Titles of ssh's other questions, by their text (sshconnect.c, sshconnect2.c, ssh-pkcs11.c, mux.c). `$1` is a group of
 * the pattern.
 */
const TITLES: readonly (readonly [RegExp, string])[] = [
  [
    /^The authenticity of host .* can't be established|^Please type 'yes', 'no' or the fingerprint/s,
    'Unknown host key',
  ],
  [/^Enter PIN(?: and confirm user presence)? for (?:\S+ key )?'?([^\n']+?)'?: ?$/, 'PIN of $1'],
  [/^(?:Allow|Terminate) shared connection/, 'Shared connection'],
];

/**
 * Returns ssh's question for display. Only the answers to a host-key question or a yes or no are visible while typed.
 */
export function askpassQuestion(host: string, { prompt, hint }: Omit<AskpassRequest, 'asker'>): SecretQuestion {
  const [, login, text = ''] = OF_SERVER.exec(prompt) ?? [];
  if (login !== undefined) return question(host, `Login of ${login}`, text, false);
  const secret = parseSecret(prompt);
  if (secret !== null) {
    const title = secret.kind === 'passphrase' ? 'Passphrase' : 'Password';
    return question(host, `${title} of ${secret.of}`, prompt, hint === 'confirm');
  }
  for (const [pattern, title] of TITLES) {
    const found = pattern.exec(prompt);
    if (found === null) continue;
    const echo = hint === 'confirm' || title === 'Unknown host key';
    return question(host, title.replace('$1', found[1] ?? ''), prompt, echo);
  }
  return question(host, 'Authentication', prompt, hint === 'confirm');
}

/** Returns the secret that ssh itself asks for; `null` for a server's prompt or a one-time secret. */
export function parseSecret(prompt: string): SshSecret | null {
  if (OF_SERVER.test(prompt)) return null;
  for (const [pattern, kind] of SECRETS) {
    const of = pattern.exec(prompt)?.[1];
    if (of !== undefined) return { kind, of };
  }
  return null;
}

function question(host: string, title: string, text: string, echo: boolean): SecretQuestion {
  return { kind: 'secret', host, title, instruction: '', prompts: [{ text, echo }] };
}
