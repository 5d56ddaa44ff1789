/** A key of the configuration, as the example file explains it. */
export interface ConfigKey {
  /** Such as `polling.interval`. */
  readonly path: string;
  /** The default as it is written; empty for a section. */
  readonly value: string;
  /** The comment behind it, on one line; empty for none. */
  readonly note: string;
}

const LINE = /^( *)([a-z_]+):(?: (.*))?$/;
const COMMENT = /^(.*?)(?:^|\s+)# ?(.*)$/;

/** Parses the keys of the example file, in its order. Examples that are commented out are left out. */
export function parseConfigKeys(text: string): ConfigKey[] {
  const keys: ConfigKey[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    const [, indent = '', name, rest = ''] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const [, value = rest, note = ''] = COMMENT.exec(rest) ?? [];
    if (indent === '') section = name;
    keys.push({ path: indent === '' ? name : `${section}.${name}`, value: value.trim(), note: firstSentence(note) });
  }
  return keys;
}

/** Examples and details follow on lines of their own, which are left out. */
function firstSentence(note: string): string {
  const [first = ''] = note.split(/(?<!\.)\. /);
  return first.replace(/,? such as$/, '');
}
