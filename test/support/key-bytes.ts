/** What a terminal sends for the keys with a name. */
const NAMED: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  space: ' ',
  'ctrl+space': '\u0000',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  'alt+left': '\u001b[1;3D',
  'alt+right': '\u001b[1;3C',
  home: '\u001b[H',
  end: '\u001b[F',
  pgup: '\u001b[5~',
  pgdn: '\u001b[6~',
  backspace: '\u007f',
  delete: '\u001b[3~',
};

const CONTROL_LETTER = 0x60;

/** Returns what a terminal sends for a key or for each key of a chord, by the names that bindings have for them. */
export function bytesOfKeys(keys: string): readonly string[] {
  return keys.split(' ').map((key) => {
    const named = NAMED[key];
    if (named !== undefined) return named;
    if (key.startsWith('ctrl+')) return String.fromCharCode(key.charCodeAt('ctrl+'.length) - CONTROL_LETTER);
    if (key.startsWith('alt+')) return `\u001b${key.slice('alt+'.length)}`;
    return key;
  });
}
