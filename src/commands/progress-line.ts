import { printable } from '../domain/printable.ts';
import { fitText } from '../domain/text-width.ts';

type Stream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/** Milliseconds of silence before the line appears. */
const QUIET_MS = 300;
const CLEAR = '\r\u001b[K';
const DEFAULT_COLUMNS = 80;

/**
 * Shows the progress on one line of a terminal, and erases it afterwards. Writes nothing on other outputs, or where a
 * line cannot be erased.
 */
export class ProgressLine {
  readonly #stream: Stream;
  readonly #isOn: boolean;
  readonly #from: number;
  #shown = '';

  constructor(stream: Stream, environment: NodeJS.ProcessEnv) {
    this.#stream = stream;
    this.#isOn = stream.isTTY === true && environment.TERM !== 'dumb';
    this.#from = Date.now() + QUIET_MS;
  }

  show(text: string): void {
    if (!this.#isOn || Date.now() < this.#from || text === this.#shown) return;
    this.#shown = text;
    const columns = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    this.#stream.write(`${CLEAR}${fitText(printable(text), columns, '…').trimEnd()}`);
  }

  clear(): void {
    if (this.#shown !== '') this.#stream.write(CLEAR);
    this.#shown = '';
  }
}
