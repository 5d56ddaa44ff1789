import { writePrivateFile } from '../lib/atomic-file.ts';
import { makeRoomForFile, readRegularFile } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';

const { objectOf, oneOf, recordOf, text } = shape;

/** Files that are remembered, the latest ones: scripts name many configurations, each of them once. */
const MAX_FILES = 8;

interface Entry {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Keeps what YAML files were parsed to, so that a start with unchanged files loads neither the parser nor the schemas, which take a third of it. Belongs to
 * one build of `ocr`, since another may have other schemas.
 */
export class ParsedCache {
  readonly #path: string;
  readonly #build: string;
  readonly #entries: Map<string, Entry>;

  private constructor(path: string, build: string, entries: Map<string, Entry>) {
    this.#path = path;
    this.#build = build;
    this.#entries = entries;
  }

  /** Opens the cache in a file. One that is missing, damaged or of another build is empty. */
  static async open(path: string, build: string): Promise<ParsedCache> {
    const wrongPart = objectOf({ build: oneOf([build]), entries: recordOf(objectOf({ text })) });
    try {
      const file = JSON.parse(await readRegularFile(path));
      const entries: Record<string, Entry> = wrongPart(file) === null ? file.entries : {};
      return new ParsedCache(path, build, new Map(Object.entries(entries)));
    } catch {
      await makeRoomForFile(path);
      return new ParsedCache(path, build, new Map());
    }
  }

  /** Returns what a file's text was parsed to, which must be JSON; `undefined` if that is not known. */
  get(name: string, text: string): unknown {
    const entry = this.#entries.get(name);
    return entry?.text === text ? entry.value : undefined;
  }

  /** Keeps it for the next start. Never rejects: a lost cache costs time alone. */
  async set(name: string, text: string, value: unknown): Promise<void> {
    this.#entries.delete(name);
    this.#entries.set(name, { text, value });
    for (const oldest of [...this.#entries.keys()].slice(0, -MAX_FILES)) this.#entries.delete(oldest);
    const content = JSON.stringify({ build: this.#build, entries: Object.fromEntries(this.#entries) });
    await writePrivateFile(this.#path, content).catch(() => {});
  }
}
