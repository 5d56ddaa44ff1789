/** The folders of a simulated host that its scripts see in place of this machine's. */
const FOLDERS = ['/proc/', '/home/', '/sys/devices/'] as const;

/** Translates the paths of a host: its `/home/`, `/proc/` and `/sys/devices/` are below a folder of this machine. Never splits a path between two pieces. */
export class PathBridge {
  readonly #inward: Readonly<Record<string, string>>;
  readonly #outward: Readonly<Record<string, string>>;

  /** @param root the host's folder, without a slash at its end */
  constructor(root: string) {
    this.#inward = Object.fromEntries(FOLDERS.map((folder) => [folder, `${root}${folder}`]));
    this.#outward = { [`${root}/`]: '/' };
  }

  /** Translates a whole text for the host. */
  inward(text: string): string {
    const pieces = this.inwardPieces();
    return Buffer.concat([pieces.push(Buffer.from(text)), pieces.end()]).toString();
  }

  /** Returns a translator of a stream's pieces for the host. */
  inwardPieces(): PieceTranslator {
    return new PieceTranslator(this.#inward);
  }

  /** The same for the host's own output. */
  outwardPieces(): PieceTranslator {
    return new PieceTranslator(this.#outward);
  }
}

/** Replaces words in a stream, wherever its pieces end. */
export class PieceTranslator {
  /** As latin1, one character a byte. */
  readonly #replacements: ReadonlyMap<string, string>;
  #held = '';

  /** @param replacements by word; no word may begin another one */
  constructor(replacements: Readonly<Record<string, string>>) {
    this.#replacements = new Map(Object.entries(replacements).map(([word, by]) => [asBytes(word), asBytes(by)]));
  }

  /** Translates a piece, and holds back an end that may be the beginning of a word. */
  push(piece: Buffer): Buffer {
    let rest = this.#held + piece.toString('latin1');
    let translated = '';
    for (let found = this.#find(rest); found !== null; found = this.#find(rest)) {
      translated += rest.slice(0, found.at) + found.by;
      rest = rest.slice(found.at + found.word.length);
    }
    const held = Math.max(0, ...[...this.#replacements.keys()].map((word) => overlap(rest, word)));
    this.#held = rest.slice(rest.length - held);
    return Buffer.from(translated + rest.slice(0, rest.length - held), 'latin1');
  }

  /** Returns what is held back. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = '';
    return Buffer.from(rest, 'latin1');
  }

  #find(text: string): { readonly at: number; readonly word: string; readonly by: string } | null {
    const found = [...this.#replacements].map(([word, by]) => ({ at: text.indexOf(word), word, by }));
    return found.filter(({ at }) => at >= 0).sort((one, other) => one.at - other.at)[0] ?? null;
  }
}

/** Returns how many characters at the end of the text begin the word without finishing it. */
function overlap(text: string, word: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(word.slice(0, length))) return length;
  }
  return 0;
}

const asBytes = (text: string) => Buffer.from(text).toString('latin1');
