import { asksForNothing, classOfOption, spellOption } from './option-classes.ts';
import type { SshOutput } from './ssh-output.ts';

export interface UnusualOptions {
  readonly opensshOnly: readonly string[];
  readonly notUsed: readonly string[];
}

/**
 * Lists settings of a configuration that differ from ssh's default and that this program ignores, as `Keyword value`.
 * `defaults` is the output of `ssh -F none -G`. A keyword of a newer OpenSSH counts as not used, so that the user hears
 * of it.
 */
export function listUnusualOptions(output: SshOutput, defaults: SshOutput): UnusualOptions {
  const lists = { opensshOnly: [] as string[], notUsed: [] as string[] };
  for (const [keyword, values] of output) {
    const kind = classOfOption(keyword) ?? 'not-used';
    if (kind === 'honoured' || kind === 'irrelevant') continue;
    const usual = new Set(defaults.get(keyword)?.map(normalise));
    const unusual = values.filter((value) => !usual.has(normalise(value)) && !asksForNothing(keyword, value));
    const list = kind === 'openssh-only' ? lists.opensshOnly : lists.notUsed;
    list.push(...unusual.map((value) => `${spellOption(keyword)} ${spellValue(value)}`.trimEnd()));
  }
  return lists;
}

/** Versions of ssh join lists by blanks or commas. */
function normalise(value: string): string {
  return value.split(/[\s,]+/).join(' ');
}

function spellValue(value: string): string {
  if (value === 'true') return 'yes';
  return value === 'false' ? 'no' : value;
}
