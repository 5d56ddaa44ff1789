/** Command lines of a document that run together: up to what they print, or up to an empty line. */
export interface Chunk {
  readonly script: string;
  /** What they print, line by line; `…` stands for any text that is not empty. `null` if the document does not say. */
  readonly prints: readonly string[] | null;
  readonly exits: number;
}

const NOTE = /^# (prints|exits): (.*)$/;
/** Printed after each chunk, around its exit status: no text of a session holds it. */
const MARK = '\u001e';

/** Returns the command lines of all fenced `sh` blocks. `# prints: TEXT` and `# exits: STATUS` below some of them say how they end. */
export function parseChunks(markdown: string): readonly Chunk[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => chunksOf(block ?? ''));
}

function chunksOf(block: string): Chunk[] {
  const chunks: Chunk[] = [];
  let script: string[] = [];
  let notes: (readonly [string, string])[] = [];
  const end = () => {
    const prints = notes.flatMap(([kind, text]) => (kind === 'prints' ? [text] : []));
    const exits = Number(notes.find(([kind]) => kind === 'exits')?.[1] ?? 0);
    if (script.length > 0)
      chunks.push({ script: script.join('\n'), prints: prints.length === 0 ? null : prints, exits });
    script = [];
    notes = [];
  };
  for (const line of block.trimEnd().split('\n')) {
    const [, kind, text] = NOTE.exec(line) ?? [];
    if (kind !== undefined && text !== undefined) notes.push([kind, text]);
    else {
      if (notes.length > 0 || line === '') end();
      if (line !== '') script.push(line);
    }
  }
  end();
  return chunks;
}

/** Returns a script for bash that runs chunks in one shell, so that variables stay, and ends with the first one that ends otherwise than it should. */
export function scriptOf(chunks: readonly Chunk[]): string {
  const lines = chunks.map(({ script, exits }) =>
    exits === 0
      ? `set -e\n${script}\nprintf '${MARK}0${MARK}'`
      : `set +e\n${script}\nstatus=$?\nprintf '${MARK}%s${MARK}' "$status"`,
  );
  return `set -uo pipefail\n${lines.join('\n')}\n`;
}

export interface ChunkResult {
  readonly output: string;
  /** `null` if the script ended there. */
  readonly status: number | null;
}

/** Splits what such a script has printed, by chunk. */
export function resultsOf(stdout: string): readonly ChunkResult[] {
  const parts = stdout.split(MARK);
  const results: ChunkResult[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const status = parts[at + 1];
    if (status !== undefined || parts[at] !== '')
      results.push({ output: parts[at] ?? '', status: status === undefined ? null : Number(status) });
  }
  return results;
}

/** True if an output is what the document says. */
export function isPrinted(output: string, prints: readonly string[]): boolean {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = prints.map((line) => line.split('…').map(literal).join('.+'));
  return new RegExp(`^${lines.join('\\n')}\\n$`, prints.at(-1) === '…' ? 's' : '').test(output);
}
