type Params = readonly (number | readonly number[])[];

/** SGR codes (ECMA-48, 8.3.117) of text attributes other than colours, each with the code that switches it off. */
const OFF: ReadonlyMap<number, number> = new Map([
  [1, 22],
  [2, 22],
  [3, 23],
  [4, 24],
  [5, 25],
  [6, 25],
  [7, 27],
  [8, 28],
  [9, 29],
  [21, 24],
  [53, 55],
]);
const OFFS: ReadonlySet<number> = new Set(OFF.values());
/** Colours of the character, behind it, and of the line below it: by the code that takes two more forms, the one for the usual colour. */
const COLOURS: ReadonlyMap<number, number> = new Map([
  [38, 39],
  [48, 49],
  [58, 59],
]);
/** Parameters after a colour's code and kind: 5 for the palette, 2 for red, green and blue. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [5, 1],
  [2, 3],
]);

/** The attributes of the next character: the result of all SGR sequences since the last reset. */
export class Pen {
  /** Keyed by the code that would undo it. */
  readonly #set = new Map<string, string>();

  apply(params: Params): void {
    for (let at = 0; at < params.length; at += 1) {
      const param = params[at] ?? 0;
      // Codes with parts of their own (`4:3`, `38:2::1:2:3`) come as an array after their code.
      const parts = params[at + 1];
      if (typeof param !== 'number') continue;
      if (typeof parts === 'object')
        this.#put(param, `${param}:${parts.map((part) => (part < 0 ? '' : part)).join(':')}`);
      else at += this.#applyCode(param, params.slice(at + 1));
    }
  }

  reset(): void {
    this.#set.clear();
  }

  /** The sequence that sets it on a terminal that is reset. */
  get sequence(): string {
    return this.#set.size === 0 ? '' : `\u001b[${[...this.#set.values()].join(';')}m`;
  }

  /** Returns how many of the following parameters belong to it. */
  #applyCode(code: number, following: Params): number {
    if (code === 0) this.reset();
    else if (COLOURS.has(code)) {
      const [kind = 0] = following;
      const length = typeof kind === 'number' ? (LENGTHS.get(kind) ?? 0) : 0;
      const rest = following.slice(0, 1 + length);
      if (length > 0) this.#put(code, [code, ...rest].join(';'));
      return rest.length;
    } else if (OFFS.has(code)) this.#remove(String(code));
    else if (code === 39 || code === 49 || code === 59) this.#remove(String(code));
    else this.#put(code, String(code));
    return 0;
  }

  #put(code: number, text: string): void {
    const undo = undoOf(code);
    if (undo === null) return;
    // Bold and faint are undone together, and may be set together.
    const key = undo === 22 ? `22 ${code}` : String(undo);
    if (text === '4:0') this.#remove('24');
    else this.#set.set(key, text);
  }

  #remove(undo: string): void {
    for (const key of this.#set.keys()) if (key.split(' ')[0] === undo) this.#set.delete(key);
  }
}

function undoOf(code: number): number | null {
  const off = OFF.get(code) ?? COLOURS.get(code);
  if (off !== undefined) return off;
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return 39;
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return 49;
  return null;
}
