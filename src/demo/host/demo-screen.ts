import { printable } from '../../domain/printable.ts';
import { textWidth, truncateText } from '../../domain/text-width.ts';
import type { TerminalSize } from '../../transport/transport.ts';
import type { DemoOpencode, Kept } from '../model/opencode.ts';
import { transcriptLines } from './transcript-lines.ts';

const ENTER_SCREEN = '\u001b[?1049h\u001b[?2004h';
const LEAVE_SCREEN = '\u001b[?2004l\u001b[?1049l';
const PASTE_BRACKETS = /\u001b\[20[01]~/g;
/** Keys that a terminal sends as sequences, such as arrows. The screen knows none of them. */
const SEQUENCES = /\u001b(?:[[O][0-9;?]*[ -/]*[@-~]|.)?/g;
const INVERSE = '\u001b[7m';
const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';
/** Milliseconds between two paintings, however much happens. */
const PAINT_EVERY_MS = 100;

export interface ScreenParts {
  readonly opencode: DemoOpencode;
  readonly kept: Kept;
  readonly write: (text: string) => void;
  readonly prompt: (text: string) => void;
}

/** What Enter on a session opens in the demo: its last messages and a box for prompts, in place of opencode's own screen. */
export class DemoScreen {
  readonly #parts: ScreenParts;
  readonly #stopListening: () => void;
  #size: TerminalSize;
  #typed = '';
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #onClose: () => void = () => {};

  constructor(parts: ScreenParts, size: TerminalSize) {
    this.#parts = parts;
    this.#size = size;
    const { id } = parts.kept.session;
    this.#stopListening = parts.opencode.listen(({ payload }) => {
      if (payload.properties.sessionID === id) this.#paintLater();
    });
    parts.write(ENTER_SCREEN);
    this.#paint();
  }

  /** Sets what happens when the user leaves. */
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#paintLater();
  }

  /** Takes what the user typed. Ctrl-C, Ctrl-D and `/exit` leave. */
  type(keys: string): void {
    for (const key of keys.replace(PASTE_BRACKETS, '').replace(SEQUENCES, '')) {
      if (this.#isClosed) return;
      if (key === '\u0003' || key === '\u0004') return this.#leave();
      if (key === '\r' || key === '\n') this.#enter();
      else if (key === '\u007f' || key === '\b') this.#typed = [...this.#typed].slice(0, -1).join('');
      else if (key >= ' ') this.#typed += key;
    }
    this.#paintLater();
  }

  /** Stops painting; the channel is gone or the user has left. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  #enter(): void {
    const text = this.#typed.trim();
    this.#typed = '';
    if (text === '/exit' || text === '/quit') return this.#leave();
    if (text !== '') this.#parts.prompt(text);
  }

  #leave(): void {
    this.close();
    this.#parts.write(LEAVE_SCREEN);
    this.#onClose();
  }

  #paintLater(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => this.#paint(), PAINT_EVERY_MS);
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { columns, rows } = this.#size;
    const lines = screenLines(this.#parts.kept, this.#typed, this.#size);
    const rowsOf = lines.map((line, at) => `\u001b[${at + 1};1H\u001b[2K${line}`).join('');
    const column = Math.min(columns, 3 + textWidth(printable(this.#typed)));
    this.#parts.write(`\u001b[?25l${rowsOf}\u001b[${Math.max(1, rows - 2)};${column}H\u001b[?25h`);
  }
}

/** Returns the lines of the screen, each at most as wide as it, with their colours. */
export function screenLines(kept: Kept, typed: string, { columns, rows }: TerminalSize): string[] {
  const cut = (text: string) => truncateText(printable(text), columns, '…');
  const { title, agent, model, cost } = kept.session;
  const state = kept.status === null ? 'idle' : kept.status.type === 'retry' ? 'retrying' : 'working';
  const mark = ' DEMO ';
  const head = `${INVERSE}${mark}${PLAIN}${BOLD}${truncateText(` ${printable(title)}`, columns - mark.length, '…')}${PLAIN}`;
  const facts = cut(`${agent}  ${model.id}  $${cost.toFixed(2)}  ${state}`);
  const room = Math.max(0, rows - 6);
  const said = transcriptLines(kept, Math.max(1, columns - 2)).slice(-room);
  const padding = Array.from({ length: room - said.length }, () => '');
  const start = typed === '' ? `${DIM}${cut('> Ask anything')}${PLAIN}` : cut(`> ${typed}`);
  const foot = cut('simulated, nothing real is touched   enter send   /exit leave   ctrl+] back to the fleet');
  const rule = `${DIM}${'─'.repeat(columns)}${PLAIN}`;
  return [head, `${DIM}${facts}${PLAIN}`, ...padding, ...said, rule, start, rule, `${DIM}${foot}${PLAIN}`].slice(-rows);
}
