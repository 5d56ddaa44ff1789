import type { SecretQuestion } from '../../domain/question.ts';

/** What ssh's SSH_ASKPASS program is asked: the text, and SSH_ASKPASS_PROMPT of ssh(1). */
export interface AskpassRequest {
  readonly prompt: string;
  /** `confirm` wants a yes or no, `none` only shows the text, such as `Confirm user presence for key ...`. */
  readonly hint: 'confirm' | 'none' | null;
}

/** The titles of what ssh asks, by its words (sshconnect.c, sshconnect2.c, readpass.c, mux.c). `$1` is a group of the pattern. */
const TITLES: readonly (readonly [RegExp, string])[] = [
  [/authenticity of host .* can't be established|Please type 'yes', 'no' or the fingerprint/s, 'Unknown host key'],
  [/passphrase for (?:key )?'?([^\n']+?)'?:/, 'Passphrase of $1'],
  [/^(?:\([^)]*\) )?(\S+@\S+?)'s password:/, 'Password of $1'],
  [/PIN for (?:\S+ key )?(\S+?):?\s*$/, 'PIN of $1'],
  [/shared connection/, 'Shared connection'],
];

/** What ssh asks, for a person. Only the host-key question and a yes or no may be seen while it is answered. */
export function askpassQuestion(host: string, { prompt, hint }: AskpassRequest): SecretQuestion {
  for (const [pattern, title] of TITLES) {
    const found = pattern.exec(prompt);
    if (found === null) continue;
    const echo = hint === 'confirm' || title === 'Unknown host key';
    return question(host, title.replace('$1', found[1] ?? ''), prompt, echo);
  }
  return question(host, 'Authentication', prompt, hint === 'confirm');
}

function question(host: string, title: string, text: string, echo: boolean): SecretQuestion {
  return { kind: 'secret', host, title, instruction: '', prompts: [{ text, echo }] };
}
