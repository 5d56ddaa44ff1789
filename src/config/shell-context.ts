type Context = 'single quotes' | 'double quotes' | 'parentheses' | 'a comment';

/** Characters that end a word, so that `#` after them starts a comment. */
const WORD_BREAK = /[\s;|&()<>]/;
const PLAIN_VARIABLE = /\$\{\w+\}/y;

/**
 * Constructs with rules of their own for quotes, which shells do not agree on. Behind one, no place counts as safe: better a template that is refused than a
 * value that becomes a command.
 */
const HAZARDS: readonly (readonly [start: string, name: string])[] = [
  ['<<', 'behind a here-document'],
  ['((', 'behind arithmetic'],
  ['$((', 'behind arithmetic'],
  ['`', 'behind a backquote'],
  ["$'", "behind $'...'"],
  ['${', 'behind an expansion in braces'],
];

/**
 * Follows the quotes of a POSIX script, one character after the other (POSIX.1-2024, Shell Command Language, 2.2 and 2.6), to tell where a quoted word stays
 * one word with its own text.
 */
export class ShellContext {
  readonly #stack: Context[] = [];
  #hazard: string | null = null;
  #isEscaped = false;
  #startsWord = true;

  /** Returns where this is, if a quoted word is not safe here: `inside double quotes`; else `null`. */
  get obstacle(): string | null {
    if (this.#hazard !== null) return this.#hazard;
    if (this.#isEscaped) return 'behind a backslash';
    const top = this.#stack.at(-1) ?? 'parentheses';
    return top === 'parentheses' ? null : `inside ${top}`;
  }

  /** Goes past a quoted word. */
  passWord(): void {
    this.#isEscaped = false;
    this.#startsWord = false;
  }

  /** Goes past what starts at `at`, and returns its length in characters. */
  pass(text: string, at: number): number {
    const character = text.charAt(at);
    if (this.#isEscaped) {
      this.#isEscaped = false;
      // A continued line goes on with its word.
      if (character !== '\n') this.#startsWord = false;
      return 1;
    }
    const startsWord = this.#startsWord;
    this.#startsWord = WORD_BREAK.test(character);
    const top = this.#stack.at(-1);
    if (top === 'single quotes' || top === 'a comment') {
      if (character === (top === 'a comment' ? '\n' : "'")) this.#stack.pop();
      return 1;
    }
    PLAIN_VARIABLE.lastIndex = at;
    const variable = PLAIN_VARIABLE.exec(text)?.[0];
    if (variable !== undefined) return variable.length;
    this.#isEscaped = character === '\\';
    if (top === 'double quotes') return this.#passQuoted(text, at);
    this.#hazard ??= hazardAt(text, at, startsWord);
    if (character === "'") this.#stack.push('single quotes');
    if (character === '"') this.#stack.push('double quotes');
    if (character === '#' && startsWord) this.#stack.push('a comment');
    if (character === '(') this.#stack.push('parentheses');
    if (character === ')' && top === 'parentheses') this.#stack.pop();
    return 1;
  }

  /** Inside double quotes only expansions are special; a command substitution has quotes of its own. */
  #passQuoted(text: string, at: number): number {
    if (/[$`]/.test(text.charAt(at)) && !text.startsWith("$'", at)) this.#hazard ??= hazardAt(text, at, false);
    if (text.charAt(at) === '"') this.#stack.pop();
    if (!text.startsWith('$(', at)) return 1;
    this.#stack.push('parentheses');
    this.#startsWord = true;
    return 2;
  }
}

function hazardAt(text: string, at: number, startsWord: boolean): string | null {
  if (startsWord && /^case\s/.test(text.slice(at, at + 5))) return 'behind the keyword case';
  return HAZARDS.find(([start]) => text.startsWith(start, at))?.[1] ?? null;
}
