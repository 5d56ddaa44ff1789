import { setImmediate } from 'node:timers/promises';
import { onAbort } from '../lib/abort.ts';
import type { InteractiveExit, Pty, Terminal, TerminalSize } from '../transport/transport.ts';
import { DetachKey } from './detach-key.ts';
import { KeptScreen } from './kept-screen.ts';
import { CANCEL, POP_TITLE, PUSH_TITLE } from './reset-terminal.ts';
import type { TerminalColours } from './terminal-colours.ts';
import { UnfinishedSequence } from './unfinished-sequence.ts';

/** Bytes that are not read yet from which on a program has to wait, and until which. */
const MUCH = 1 << 20;
const LITTLE = 1 << 17;

/** What a terminal sends when somebody looks at it, and when nobody does (xterm). */
const [FOCUSED, NOT_FOCUSED] = ['\u001b[I', '\u001b[O'];

/** A program on a pty that runs whether somebody looks at it or not. */
export class BackgroundProgram {
  /** As the pty's, once the last output is on the kept screen. */
  readonly exit: Promise<InteractiveExit>;
  readonly #pty: Pty;
  readonly #screen: KeptScreen;
  readonly #colours: TerminalColours;
  readonly #unfinished = new UnfinishedSequence();
  /** Why the program has to wait with its output. */
  readonly #waits = new Set<'screen' | 'terminal'>();
  #size: TerminalSize;
  /** Takes the bytes as they come; `null` while nobody looks. */
  #view: ((chunk: Buffer) => void) | null = null;
  #unread = 0;
  /** What is to be written between the program's own sequences. */
  #inserts = '';
  #insertTo: ((text: string) => void) | null = null;
  /** Has it printed anything? */
  #touched = false;

  /** @param size that the pty has */
  constructor(pty: Pty, size: TerminalSize, colours: TerminalColours) {
    this.#pty = pty;
    this.#size = size;
    this.#colours = colours;
    this.#screen = new KeptScreen(size, colours, (answer) => pty.write(answer));
    pty.onData((chunk) => this.#receive(chunk));
    this.exit = pty.exit.finally(() => this.#settled());
    this.exit.catch(() => {});
  }

  /** Tells the program of another size of the terminal that it is shown on. */
  resize(size: TerminalSize): void {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#screen.resize(size);
    this.#pty.resize(size.columns, size.rows);
  }

  /** What is on its screen, line by line, without empty ones. */
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

  /**
   * Shows it until it ends, the person presses ctrl+], or the signal aborts; then the terminal is as it was. Its screen as it is comes at once, then
   * bytes go both ways. Rejects with the TransportError of the pty when the connection is lost.
   */
  async show(terminal: Terminal, signal: AbortSignal): Promise<'detached' | InteractiveExit> {
    const { stdin, stdout } = terminal;
    const left = Promise.withResolvers<'detached' | InteractiveExit>();
    const resize = () => this.resize({ columns: stdout.columns, rows: stdout.rows });
    const key = new DetachKey();
    // What was typed before the person saw the program is not for it.
    let isSeen = false;
    const type = (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      this.#colours.listen(bytes);
      const { typed, detaches } = key.read(bytes);
      if (typed.length > 0 && isSeen) this.#pty.write(typed);
      if (!detaches) return;
      stdin.off('data', type);
      left.resolve('detached');
    };
    const stopListening = onAbort(signal, () => left.resolve('detached'));
    stdin.setRawMode(true);
    stdin.on('data', type);
    stdin.resume();
    stdout.on('resize', resize);
    let borrowed = false;
    try {
      resize();
      borrowed = await this.#open(terminal);
      isSeen = true;
      this.#tellFocus(true);
      this.exit.then(left.resolve, left.reject);
      return await left.promise;
    } finally {
      stopListening();
      stdin.off('data', type);
      stdin.pause();
      stdin.setRawMode(false);
      stdout.off('resize', resize);
      await this.#leave(terminal, borrowed);
      this.#tellFocus(false);
      // A terminal that is paused stops reading a turn later: whoever reads from it next, in this very turn, would be left without keys.
      await setImmediate();
    }
  }

  /**
   * Paints the screen and lets the output follow without a gap. The alternate screen is used for a program that does not use it too: what the person
   * has on the usual one stays. Tells whether that is so.
   */
  #open({ stdout }: Terminal): Promise<boolean> {
    const follow = (chunk: Buffer) => {
      if (stdout.write(chunk)) return;
      this.#wait('terminal');
      stdout.once('drain', () => this.#goOn('terminal'));
    };
    const untouched = !this.#touched;
    const meanwhile = [this.#unfinished.bytes];
    this.#view = (chunk) => meanwhile.push(chunk);
    return new Promise((resolve) => {
      this.#screen.whenRead(() => {
        stdout.write(untouched ? PUSH_TITLE : PUSH_TITLE + this.#screen.restoring);
        this.#view = follow;
        this.#insertTo = (text) => void stdout.write(text);
        for (const chunk of meanwhile) if (chunk.length > 0) follow(chunk);
        this.#flushInserts();
        resolve(!untouched && !this.#screen.alternate);
      });
    });
  }

  #leave({ stdout }: Terminal, borrowed: boolean): Promise<void> {
    this.#view = null;
    const cancel = this.#unfinished.isEmpty ? '' : CANCEL;
    this.#goOn('terminal');
    return new Promise((resolve) => {
      this.#screen.whenRead(() => {
        stdout.write(cancel + this.#screen.undoing(this.#screen.alternate || borrowed) + POP_TITLE + this.#inserts);
        this.#inserts = '';
        this.#insertTo = null;
        resolve();
      });
    });
  }

  #tellFocus(focused: boolean): void {
    if (this.#screen.reportsFocus) this.#pty.write(focused ? FOCUSED : NOT_FOCUSED);
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => this.#screen.whenRead(resolve));
  }

  #receive(chunk: Buffer): void {
    this.#touched = true;
    this.#unread += chunk.length;
    if (this.#unread > MUCH) this.#wait('screen');
    this.#unfinished.push(chunk);
    this.#screen.write(chunk, this.#view === null, () => {
      this.#unread -= chunk.length;
      if (this.#unread < LITTLE) this.#goOn('screen');
    });
    this.#view?.(chunk);
    this.#flushInserts();
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
