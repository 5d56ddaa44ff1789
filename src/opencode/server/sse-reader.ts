/** Characters of an event: one may hold the whole content of a file, but never this much. */
const MAX_EVENT_BYTES = 16 * 2 ** 20;

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) from text that comes in pieces of any kind, and gives the data of each event that is complete.
 * The names and ids of events are passed over: opencode sends none. Throws a RangeError when an event has no end.
 */
export class SseReader {
  /** The incomplete last line. */
  #rest = '';
  /** The data lines of an event that is not complete. */
  #data: string[] = [];
  /** Characters of those lines. */
  #length = 0;

  /** The data of all events that this piece completes. */
  read(piece: string): string[] {
    const found: string[] = [];
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      this.#readLine(this.#rest + piece.slice(start, end), found);
      this.#rest = '';
      start = end + 1;
    }
    this.#rest += piece.slice(start);
    if (this.#rest.length + this.#length > MAX_EVENT_BYTES) throw new RangeError('an event without an end');
    return found;
  }

  /** Lines end with \n or \r\n; a single \r, which the standard also allows, does not occur. */
  #readLine(raw: string, found: string[]): void {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
      this.#length += line.length;
    }
    if (line !== '' || this.#data.length === 0) return;
    found.push(this.#data.join('\n'));
    this.#data = [];
    this.#length = 0;
  }
}
