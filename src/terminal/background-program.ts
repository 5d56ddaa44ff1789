import { setImmediate } from 'node:timers/promises';
import { programSize } from '../domain/program-size.ts';
import { onAbort } from '../lib/abort.ts';
import type { InteractiveExit, Pty, Terminal, TerminalSize } from '../transport/transport.ts';
import { KeptScreen } from './kept-screen.ts';
import { CANCEL, ENTER_ALTERNATE_SCREEN, PLAIN_SCREEN, POP_TITLE, PUSH_TITLE } from './reset-terminal.ts';
import { StatusRow } from './status-row.ts';
import type { TerminalColours } from './terminal-colours.ts';
import { UnfinishedSequence } from './unfinished-sequence.ts';
import { type ProgramWords, Visit } from './visit.ts';

/** Unread bytes above which a program is paused, and below which it resumes. */
const PAUSE_ABOVE_BYTES = 1 << 20;
const RESUME_BELOW_BYTES = 1 << 17;

/** Focus reports of a terminal (xterm). */
const [FOCUSED, NOT_FOCUSED] = ['\u001b[I', '\u001b[O'];

/** A program on a pty that keeps running while it is not shown. */
export class BackgroundProgram {
  /** As the pty's, once the last output is on the kept screen. */
  readonly exit: Promise<InteractiveExit>;
  readonly #pty: Pty;
  readonly #screen: KeptScreen;
  readonly #colours: TerminalColours;
  readonly #unfinished = new UnfinishedSequence();
  /** Reasons for which the program's output is paused. */
  readonly #waits = new Set<'screen' | 'terminal'>();
  /** True to keep a row below its screen for ocr's line, where the terminal has enough. */
  readonly #hasStatusLine: boolean;
  /** Size of the terminal. */
  #size: TerminalSize;
  /** Receives the bytes as they arrive; `null` while the program is not shown. */
  #view: ((chunk: Buffer) => void) | null = null;
  #unread = 0;
  /** Text to be written between the program's own sequences. */
  #inserts = '';
  #insertTo: ((text: string) => void) | null = null;
  /** True if it has printed anything. */
  #touched = false;
  /** Bytes printed so far. */
  #received = 0;
  #hasPainted = false;
  readonly #painted = Promise.withResolvers<void>();
  #wasAlternate = false;
  #titlesBefore = 0;
  /** The program's screen switches when the visit began. */
  #switchesBefore = 0;
  #visit: Visit | null = null;
  #notice: ((columns: number) => string) | null = null;
  /** The row below its screen, while it is shown. */
  #row: StatusRow | null = null;
  readonly #wake: () => void;

  /**
   * @param size of the terminal; the pty has its `programSize`
   * @param wake has it go on where it is stopped
   */
  constructor(
    pty: Pty,
    size: TerminalSize,
    colours: TerminalColours,
    wake: () => void = () => {},
    { statusLine = false }: { readonly statusLine?: boolean } = {},
  ) {
    this.#pty = pty;
    this.#wake = wake;
    this.#hasStatusLine = statusLine;
    this.#size = size;
    this.#colours = colours;
    this.#screen = new KeptScreen(this.#programSize, colours, (answer) => pty.write(answer));
    this.#screen.hasRowBelow = this.#hasRowBelow;
    pty.onData((chunk) => this.#receive(chunk));
    this.exit = pty.exit.finally(() => this.#settled());
    this.exit.catch(() => {});
  }

  /** True once its screen has had any text. */
  get hasPainted(): boolean {
    return this.#hasPainted;
  }

  /** Tells the program the new size of the terminal that shows it. */
  resize(size: TerminalSize): void {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    const { columns, rows } = this.#programSize;
    this.#screen.resize({ columns, rows });
    this.#screen.hasRowBelow = this.#hasRowBelow;
    this.#row?.resize(size);
    this.#pty.resize(columns, rows);
  }

  get #programSize(): TerminalSize {
    return programSize(this.#size, this.#hasStatusLine);
  }

  get #hasRowBelow(): boolean {
    return this.#programSize.rows < this.#size.rows;
  }

  /** Returns the lines of its screen, without empty ones. */
  async lines(): Promise<string[]> {
    await this.#settled();
    return this.#screen.lines;
  }

  /** Writes something of our own, such as a bell, to the terminal that it is shown on, where that cuts no sequence in two. False while it is not shown. */
  insert(text: string): boolean {
    if (this.#insertTo === null) return false;
    this.#inserts += text;
    this.#flushInserts();
    return true;
  }

  /** Ends it. */
  close(): void {
    this.#pty.close();
  }

  /** Sets the notice on the last row of its screen, now and later; `null` for none. */
  say(notice: ((columns: number) => string) | null): void {
    this.#notice = notice;
    this.#visit?.say(notice);
  }

  /**
   * Shows the program until it ends, the user presses ctrl+], or the signal aborts; then restores the terminal. Paints
   * its current screen at once, then passes bytes both ways. Rejects with the TransportError of the pty if the
   * connection is lost.
   *
   * @param words text shown while it has painted nothing (it then gets no keys) or while it does not respond; `null` for none
   */
  async show(
    terminal: Terminal,
    signal: AbortSignal,
    words: ProgramWords | null = null,
  ): Promise<'detached' | InteractiveExit> {
    const { stdin, stdout } = terminal;
    const left = Promise.withResolvers<'detached' | InteractiveExit>();
    const visit = this.#begin(words);
    const resize = () => {
      this.resize({ columns: stdout.columns, rows: stdout.rows });
      visit.resized();
    };
    const type = (chunk: Buffer | string) => {
      if (!visit.read(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) return;
      stdin.off('data', type);
      left.resolve('detached');
    };
    const stopListening = onAbort(signal, () => left.resolve('detached'));
    stdin.setRawMode(true);
    stdin.on('data', type);
    stdin.resume();
    stdout.on('resize', resize);
    const opens = words !== null && !this.#hasPainted;
    let borrowed = false;
    try {
      resize();
      borrowed = await this.#open(terminal, opens);
      this.exit.then(left.resolve, left.reject);
      if (opens) {
        visit.opens();
        await Promise.race([this.#painted.promise, left.promise]);
      }
      if (opens) this.#row?.forget();
      visit.isSeen();
      this.#sendFocus(true);
      return await left.promise;
    } finally {
      stopListening();
      stdin.off('data', type);
      stdin.pause();
      stdin.setRawMode(false);
      stdout.off('resize', resize);
      visit.close();
      this.#visit = null;
      await this.#leave(terminal, borrowed);
      this.#sendFocus(false);
      // A paused terminal stops reading one turn later: a reader that started in this turn would get no keys.
      await setImmediate();
    }
  }

  #begin(words: ProgramWords | null): Visit {
    this.#visit = new Visit(
      {
        pty: this.#pty,
        screen: this.#screen,
        colours: this.#colours,
        words,
        wasAlternate: this.#wasAlternate,
        columns: () => this.#size.columns,
        hasRowBelow: () => this.#hasRowBelow,
        paint: (line, isSoon) => this.#paintLine(line, isSoon),
        wake: () => this.#wake(),
      },
      this.#notice,
    );
    return this.#visit;
  }

  /** Paints our line over the last row, or below it. Waits until all output is on the kept screen and no escape sequence is incomplete. */
  #paintLine(line: string | null, isSoon: boolean): Promise<boolean> {
    const received = this.#received;
    return new Promise((resolve) => {
      const paint = () => {
        const isNow = this.#insertTo !== null && this.#unfinished.isEmpty && this.#received === received;
        const painted = isNow ? this.#paintingOf(line, isSoon) : null;
        if (painted !== null && painted !== '') this.#insertTo?.(painted);
        resolve(painted !== null);
      };
      this.#screen.whenRead(() => (this.#row === null ? paint() : this.#row.whenRead(paint)));
    });
  }

  #paintingOf(line: string | null, isSoon: boolean): string | null {
    if (this.#row === null || !this.#hasRowBelow) {
      return line === null ? this.#screen.repainting : this.#screen.covering(line);
    }
    return this.#row.repair(this.#screen, line ?? '', isSoon);
  }

  /**
   * Paints the screen and lets the output follow without a gap. Uses the alternate screen even for a program that does
   * not, so that the user's normal screen stays. Returns whether it did.
   *
   * @param opens whether the screen stays blank until the program paints
   */
  #open({ stdout }: Terminal, opens: boolean): Promise<boolean> {
    const row = this.#hasStatusLine ? new StatusRow(this.#size) : null;
    this.#row = row;
    const write = (output: string | Buffer) => {
      row?.write(output);
      return stdout.write(output);
    };
    const follow = (chunk: Buffer) => {
      if (write(chunk)) return;
      this.#wait('terminal');
      stdout.once('drain', () => this.#goOn('terminal'));
    };
    const untouched = !this.#touched;
    this.#titlesBefore = this.#screen.titles;
    const meanwhile = [this.#unfinished.bytes];
    this.#view = (chunk) => meanwhile.push(chunk);
    return new Promise((resolve) => {
      this.#screen.whenRead(() => {
        if (opens && untouched) write(PUSH_TITLE + ENTER_ALTERNATE_SCREEN + PLAIN_SCREEN);
        else write(untouched ? PUSH_TITLE : PUSH_TITLE + this.#screen.restoring);
        this.#view = follow;
        this.#insertTo = (text) => void write(text);
        for (const chunk of meanwhile) if (chunk.length > 0) follow(chunk);
        this.#flushInserts();
        this.#switchesBefore = this.#screen.switches;
        resolve((opens || !untouched) && !this.#screen.alternate);
      });
    });
  }

  #leave({ stdout }: Terminal, borrowed: boolean): Promise<void> {
    this.#view = null;
    const cancel = this.#unfinished.isEmpty ? '' : CANCEL;
    this.#goOn('terminal');
    return new Promise((resolve) => {
      this.#screen.whenRead(() => {
        // A program that has left the alternate screen has left the one that was entered for it: to leave twice would move the cursor back.
        const isStillBorrowed = borrowed && this.#screen.switches === this.#switchesBefore;
        const undoing = this.#screen.undoing(this.#screen.alternate || isStillBorrowed);
        // ocr pushed one title for it; the program may have popped that, or pushed more.
        const titles = POP_TITLE.repeat(Math.max(0, 1 + this.#screen.titles - this.#titlesBefore));
        stdout.write(cancel + undoing + titles + this.#inserts);
        this.#inserts = '';
        this.#insertTo = null;
        this.#row?.dispose();
        this.#row = null;
        resolve();
      });
    });
  }

  #sendFocus(focused: boolean): void {
    if (this.#screen.reportsFocus) this.#pty.write(focused ? FOCUSED : NOT_FOCUSED);
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => this.#screen.whenRead(resolve));
  }

  #receive(chunk: Buffer): void {
    this.#touched = true;
    this.#received += chunk.length;
    this.#unread += chunk.length;
    if (this.#unread > PAUSE_ABOVE_BYTES) this.#wait('screen');
    this.#unfinished.push(chunk);
    this.#screen.write(chunk, this.#view === null, () => {
      this.#unread -= chunk.length;
      if (this.#unread < RESUME_BELOW_BYTES) this.#goOn('screen');
      this.#read();
    });
    this.#view?.(chunk);
    this.#flushInserts();
  }

  #read(): void {
    this.#wasAlternate ||= this.#screen.alternate;
    if (!this.#hasPainted && this.#screen.hasText) {
      this.#hasPainted = true;
      this.#painted.resolve();
    }
    this.#visit?.printed();
  }

  #flushInserts(): void {
    if (this.#inserts === '' || this.#insertTo === null || this.#view === null || !this.#unfinished.isEmpty) return;
    this.#insertTo(this.#inserts);
    this.#inserts = '';
  }

  #wait(why: 'screen' | 'terminal'): void {
    if (this.#waits.size === 0) this.#pty.pause();
    this.#waits.add(why);
  }

  #goOn(why: 'screen' | 'terminal'): void {
    if (this.#waits.delete(why) && this.#waits.size === 0) this.#pty.resume();
  }
}
