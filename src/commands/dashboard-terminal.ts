import { onExit } from 'signal-exit';
import { systemClock } from '../lib/clock.ts';
import { KeysFirst } from '../lib/keys-first.ts';
import { KeyboardInput } from '../terminal/keyboard-input.ts';
import { ScreenOutput } from '../terminal/screen-output.ts';
import type { Terminal } from '../transport/transport.ts';
import { LentTerminal } from './lent-terminal.ts';
import { TerminalSignals } from './terminal-signals.ts';

const CTRL_C = '\u0003';

/** The user's terminal while the dashboard has it: keys, screen, signals, and loans to other programs. */
export class DashboardTerminal {
  readonly keysFirst = new KeysFirst(systemClock);
  readonly keyboard: KeyboardInput;
  readonly output: ScreenOutput;
  readonly #signals = new TerminalSignals();
  readonly #lent: LentTerminal;
  readonly #over = Promise.withResolvers<void>();
  readonly #stopListening: (() => void)[] = [];
  #isOver = false;
  #isLeftToShell = false;
  #insert: (text: string) => boolean = () => false;
  #onEnd: () => void = () => {};

  constructor(streams: Terminal) {
    this.keyboard = new KeyboardInput(streams.stdin, (keys) => this.#onKeys(keys));
    this.output = new ScreenOutput(streams.stdout, (error) => this.fail(error));
    this.#lent = new LentTerminal(
      (text) => void streams.stdout.write(text),
      (text) => this.#insert(text),
    );
    // A failure may come before anyone waits for the end.
    this.#over.promise.catch(() => {});
  }

  /** Resolves when the dashboard has left the terminal; rejects if it failed. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** True while another program has the terminal. */
  get isLent(): boolean {
    return this.#lent.isLent;
  }

  /**
   * Takes the keys, and gives the terminal back when the program is to end, however that comes. What is typed from now on is not echoed, and waits for its
   * reader.
   */
  open(): void {
    const end = () => this.#end();
    this.#stopListening.push(
      this.#signals.endBy(end),
      // After a crash, or another signal that ends the program, the shell gets its screen back too.
      onExit(() => {
        this.keyboard.close();
        if (!this.#isLeftToShell) this.output.abandon();
      }),
    );
    // Writing to a closed terminal fails before its signal arrives; there is no place left to report it.
    for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', end);
    // A size that changed and changed back is no change for Node, but the terminal may have cut what it shows.
    const repaint = () => this.output.repaint();
    // By default Node would print the error on the screen that is about to go.
    const fail = (error: unknown) => this.fail(error);
    process.on('uncaughtException', fail);
    this.#stopListening.push(() => void process.off('uncaughtException', fail));
    process.on('SIGWINCH', repaint);
    this.#stopListening.push(() => void process.off('SIGWINCH', repaint));
    this.keyboard.setRawMode(true);
  }

  /** Sets what happens first when a signal ends the dashboard. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** Sets what writes between the sequences of the program that has the terminal; false when that cannot be done. */
  insertBy(insert: (text: string) => boolean): void {
    this.#insert = insert;
  }

  /** Writes what is no part of a frame, such as a bell. */
  readonly write = (text: string): void => this.#lent.write(text);

  /** Gives the terminal to another program while the callback runs. Rejects with a UserError while one has it. */
  lend(callback: () => Promise<void>): Promise<void> {
    return this.#lent.lend(() => this.#signals.lend(() => this.output.lend(() => this.keyboard.lend(callback))));
  }

  /** Leaves the terminal to the shell, which has it already while the dashboard is suspended. */
  leaveToShell(): void {
    this.#isLeftToShell = true;
  }

  get isLeftToShell(): boolean {
    return this.#isLeftToShell;
  }

  /** Gives the terminal back for good. */
  leave(): void {
    this.#isOver = true;
    this.keyboard.close();
    this.output.close();
    this.#over.resolve();
  }

  /** Leaves after a failure. */
  fail(error: unknown): void {
    this.#over.reject(error);
    this.leave();
  }

  #end(): void {
    this.#onEnd();
    this.leave();
  }

  /** Until the first screen is drawn, no one else reads the keys: Ctrl-C has to end a hanging start here. */
  #onKeys(keys: string): void {
    this.keysFirst.key();
    if (!this.output.isOpen && keys.includes(CTRL_C)) this.#end();
  }

  /** Leaves, and stops listening for signals. */
  close(): void {
    this.leave();
    for (const stop of this.#stopListening.splice(0)) stop();
  }
}
