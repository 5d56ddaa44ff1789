const ESCAPE = '\u001b';
const PASTE_BEGIN = '\u001b[200~';
export const PASTE_END = '\u001b[201~';
/** X10 mouse reports have three bytes after their sequence (xterm's ctlseqs, Mouse Tracking). */
const X10_REPORT_BYTES = 3;
/** SGR mouse reports (xterm's ctlseqs, mode 1006). */
const SGR_REPORT_BEGIN = '\u001b[<';
/** A longer string is not an answer. */
const MAX_STRING_CHARS = 1 << 16;

/**
 * Matches the start of strings that terminals send (xterm's ctlseqs): OSC with a number or a title report, DCS of DECRQSS, XTGETTCAP, XTVERSION, DA3
 * and sixel reports, APC of kitty's graphics. Alt with `]`, `P`, `_`, `^` or `X` sends the same introducers with other text behind them.
 */
const STRING_ANSWER = /^\u001b(?:\][\dlLI]|P[\d;]*[>!=$+<|"]|_[Gg])/;
const STRING_ANSWER_BEGIN = /^\u001b(?:\]|P[\d;]*|_)$/;
/** BEL or ST ends a string; CAN and SUB cancel it. */
const STRING_END = /\u0007|\u001b\\|\u0018|\u001a/;

/** Keys of rxvt end in `$`, which in other sequences comes before the final character. */
const RXVT_KEY = /^\u001b\[[235678]\$/;
const CONTROL_SEQUENCE = /^\u001b\[([<=>?]?)([0-9:;]*)([ -/]*)([@-~])/;
const CONTROL_SEQUENCE_BEGIN = /^\u001b\[[0-?]*[ -/]*$/;
/** Function keys of the Linux console. */
const LINUX_KEY = /^\u001b\[\[[A-E]?/;

export interface Input {
  /** Keys and pasted text, for the reader of keys. */
  readonly keys: string;
  /** Answers to questions to the terminal. */
  readonly answers: string;
  /** Reports of the mouse and the focus. */
  readonly reports: string;
}

type Kind = keyof Input;
/** Kind and length of the first piece of a text. */
type Piece = readonly [Kind | 'held', number];

/**
 * Separates keys from the terminal's own input: answers to questions (DA, DSR, DECRPM, colours, titles, versions, sizes), reports of the mouse and of
 * the focus. A split sequence waits for its rest. Pasted text keeps its brackets.
 */
export class TerminalAnswers {
  #held = '';
  #pasting = false;
  /** Characters still missing of a mouse report. */
  #reportRest = 0;
  /** The held keys that were given up just now. */
  #givenUp = '';

  /** True if the end of a paste is missing. */
  get isPasting(): boolean {
    return this.#pasting;
  }

  /** The kind of the held input: `key` if it may be the Escape key or Alt with another key. */
  get held(): 'nothing' | 'key' | 'answer' {
    if (this.#held === '') return 'nothing';
    return /^\u001b[[\]PX^_O]?$/.test(this.#held) ? 'key' : 'answer';
  }

  push(text: string): Input {
    const input = { keys: '', answers: '', reports: '' };
    // A mouse report that a slow line split behind its first bytes would be typed as text.
    const isReport = this.#givenUp !== '' && (this.#givenUp + text).startsWith(SGR_REPORT_BEGIN);
    let rest = (isReport ? this.#givenUp : this.#held) + text;
    this.#held = '';
    this.#givenUp = '';
    while (rest !== '') {
      const [kind, length] = this.#next(rest);
      if (kind === 'held') {
        this.#held = rest;
        break;
      }
      input[kind] += rest.slice(0, length);
      rest = rest.slice(length);
    }
    return input;
  }

  /** Gives up waiting: returns held keys, and drops an unfinished answer. */
  giveUp(): string {
    const held = this.held === 'key' ? this.#held : '';
    this.#held = '';
    this.#givenUp = held;
    return held;
  }

  #next(text: string): Piece {
    if (this.#reportRest > 0) {
      const length = Math.min(this.#reportRest, text.length);
      this.#reportRest -= length;
      return ['reports', length];
    }
    if (this.#pasting) return this.#paste(text);
    const start = text.indexOf(ESCAPE);
    if (start !== 0) return ['keys', start < 0 ? text.length : start];
    if (text.length === 1) return ['held', 0];
    // Alt with a key, or Escape and the next key.
    if (text[1] === '[') return this.#controlSequence(text);
    if (text[1] === ']' || text[1] === 'P' || text[1] === '_') return stringAnswer(text);
    return ['keys', text[1] === ESCAPE ? 1 : 2];
  }

  #controlSequence(text: string): Piece {
    const key = LINUX_KEY.exec(text) ?? RXVT_KEY.exec(text);
    if (key !== null) return ['keys', key[0].length];
    const found = CONTROL_SEQUENCE.exec(text);
    if (found === null) return CONTROL_SEQUENCE_BEGIN.test(text) ? ['held', 0] : ['keys', 2];
    const [sequence, prefix = '', parameters = '', intermediates = '', final = ''] = found;
    if (sequence === PASTE_BEGIN) {
      this.#pasting = true;
      return ['keys', sequence.length];
    }
    if (prefix === '' && parameters === '' && final === 'M') this.#reportRest = X10_REPORT_BYTES;
    return [kindOf(prefix, parameters, intermediates, final), sequence.length];
  }

  #paste(text: string): Piece {
    const end = text.indexOf(PASTE_END);
    if (end >= 0) {
      this.#pasting = false;
      return ['keys', end + PASTE_END.length];
    }
    for (let length = Math.min(PASTE_END.length - 1, text.length); length > 0; length -= 1) {
      if (text.endsWith(PASTE_END.slice(0, length)))
        return length === text.length ? ['held', 0] : ['keys', text.length - length];
    }
    return ['keys', text.length];
  }
}

function stringAnswer(text: string): Piece {
  if (!STRING_ANSWER.test(text)) return STRING_ANSWER_BEGIN.test(text) ? ['held', 0] : ['keys', 2];
  const end = STRING_END.exec(text);
  if (end !== null) return ['answers', end.index + end[0].length];
  return text.length > MAX_STRING_CHARS ? ['answers', text.length] : ['held', 0];
}

function kindOf(prefix: string, parameters: string, intermediates: string, final: string): Kind {
  if (prefix === '<' || final === 'M' || final === 'I' || final === 'O') return 'reports';
  if (prefix !== '' || intermediates !== '') return 'answers';
  // With two numbers it is a position; without, it is F3.
  if (final === 'R') return parameters.includes(';') ? 'answers' : 'keys';
  return 'cntxy'.includes(final) ? 'answers' : 'keys';
}
