/** The folders of a simulated host that its scripts see in place of this machine's. */
const FOLDERS = ['proc', 'home'];

/** Translates the paths of a host: its `/home/` and `/proc/` are below a folder of this machine. Never splits a path between two pieces. */
export class PathBridge {
  readonly #root: string;
  readonly #wanted = new RegExp(`/(?=(?:${FOLDERS.join('|')})/)`, 'g');

  /** @param root the host's folder, without a slash at its end */
  constructor(root: string) {
    this.#root = root;
  }

  /** Translates a whole text for the host. */
  inward(text: string): string {
    return text.replace(this.#wanted, `${this.#root}/`);
  }

  /** Returns a translator of a stream's pieces for the host. Bytes pass as one character each. */
  inwardPieces(): PieceTranslator {
    return new PieceTranslator(
      (text) => this.inward(text),
      FOLDERS.map((folder) => `/${folder}/`),
    );
  }

  /** The same for the host's own output. */
  outwardPieces(): PieceTranslator {
    const prefix = Buffer.from(`${this.#root}/`, 'utf8').toString('latin1');
    return new PieceTranslator((text) => text.replaceAll(prefix, '/'), [prefix]);
  }
}

export class PieceTranslator {
  readonly #translate: (text: string) => string;
  readonly #words: readonly string[];
  #held = '';

  constructor(translate: (text: string) => string, words: readonly string[]) {
    this.#translate = translate;
    this.#words = words;
  }

  /** Translates a piece, and holds back an end that may be the beginning of a path. */
  push(piece: Buffer): Buffer {
    const text = this.#held + piece.toString('latin1');
    const held = Math.max(0, ...this.#words.map((word) => overlap(text, word)));
    this.#held = text.slice(text.length - held);
    return Buffer.from(this.#translate(text.slice(0, text.length - held)), 'latin1');
  }

  /** Returns what is held back. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = '';
    return Buffer.from(rest, 'latin1');
  }
}

/** Returns how many characters at the end of the text begin the word without finishing it. */
function overlap(text: string, word: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(word.slice(0, length))) return length;
  }
  return 0;
}
