/** Ctrl+] as a terminal sends it (ASCII GS). */
const PLAIN = '\u001d';
/**
 * The same key from a terminal that a program has asked for more: the kitty keyboard protocol (`CSI 93 ; modifiers u`, with alternate keys, the kind of
 * event and text) and xterm's modifyOtherKeys (`CSI 27 ; modifiers ; 93 ~`).
 */
const KITTY = /^\u001b\[93(?::\d*)*;(\d+)(?::([123]))?(?:;[\d:]*)?u/;
const OTHER_KEYS = /^\u001b\[27;(\d+);93~/;
const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** A control sequence that continues in the next chunk. A single key never looks like it. */
const CUT_OFF = /\u001b\[\d[\d;:]{0,40}$/;
const NEXT = /\u001d|\u001b\[(?:93|27;|200~)/g;

const CTRL = 4;
/** Caps lock and num lock, which change nothing. */
const LOCKS = 64 | 128;
const RELEASE = '3';

export interface TypedKeys {
  /** The bytes for the program. */
  readonly typed: Buffer;
  /** True if the key came; bytes after it are dropped. */
  readonly detaches: boolean;
}

/** Finds the detach key in the user's input. Ignores it in pasted text. */
export class DetachKey {
  #held = '';
  #pasting = false;

  /** Takes typed bytes. Holds an incomplete sequence until the rest arrives. */
  read(chunk: Buffer): TypedKeys {
    const text = this.#held + chunk.toString('latin1');
    this.#held = '';
    let at = 0;
    for (;;) {
      if (this.#pasting) {
        const end = text.indexOf(PASTE_END, at);
        if (end < 0) break;
        this.#pasting = false;
        at = end + PASTE_END.length;
      }
      NEXT.lastIndex = at;
      const found = NEXT.exec(text);
      if (found === null) break;
      const rest = text.slice(found.index);
      if (isDetach(rest)) return { typed: Buffer.from(text.slice(0, found.index), 'latin1'), detaches: true };
      this.#pasting = rest.startsWith(PASTE_BEGIN);
      at = found.index + 1;
    }
    this.#held = this.#pasting ? cutOffEnd(text) : (CUT_OFF.exec(text)?.[0] ?? '');
    const typed = text.slice(0, text.length - this.#held.length);
    return { typed: Buffer.from(typed, 'latin1'), detaches: false };
  }
}

/** Returns what may be the start of a paste's end. Holds a lone Escape too: a paste does not stop there. */
function cutOffEnd(text: string): string {
  for (let length = Math.min(PASTE_END.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(PASTE_END.slice(0, length))) return PASTE_END.slice(0, length);
  }
  return '';
}

function isDetach(text: string): boolean {
  if (text.startsWith(PLAIN)) return true;
  const kitty = KITTY.exec(text);
  if (kitty !== null) return isCtrl(kitty[1]) && kitty[2] !== RELEASE;
  return isCtrl(OTHER_KEYS.exec(text)?.[1]);
}

/** Modifiers are sent as one more than their sum. */
function isCtrl(modifiers: string | undefined): boolean {
  return modifiers !== undefined && ((Number(modifiers) - 1) & ~LOCKS) === CTRL;
}
