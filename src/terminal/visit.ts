import type { Pty } from '../transport/transport.ts';
import { DetachKey } from './detach-key.ts';
import { FreezeWatch } from './freeze-watch.ts';
import type { KeptScreen } from './kept-screen.ts';
import { OverlayLine, type PaintLine } from './overlay-line.ts';
import { ERASE_SCREEN, HIDE_CURSOR } from './reset-terminal.ts';
import { TerminalAnswers } from './terminal-answers.ts';
import type { TerminalColours } from './terminal-colours.ts';

/** The lines on the last row of a program's screen, for a width in columns. */
export interface ProgramWords {
  /** Shown while the program has painted nothing yet. */
  opening(columns: number): string;
  /** Shown while it does not respond to keys. */
  silent(columns: number): string;
  /** The status line, for a program that leaves a row for it. */
  status?(columns: number): string;
}

/** The part of a program that a visit uses. */
export interface Visited {
  readonly pty: Pick<Pty, 'write'>;
  readonly screen: Pick<KeptScreen, 'alternate'>;
  readonly colours: TerminalColours;
  readonly words: ProgramWords | null;
  /** True if it ever had the alternate screen. */
  readonly wasAlternate: boolean;
  columns(): number;
  /** True if the row below the program's screen is ours. */
  hasRowBelow(): boolean;
  readonly paint: PaintLine;
  wake(): void;
}

/** Milliseconds between two frames of the spinner, and between two repaints of a still line. */
const SPINNER_INTERVAL_MS = 120;
const NOTICE_INTERVAL_MS = 1000;

type Phase = 'unseen' | 'opening' | 'seen';

/** A period in which a program is shown: routes its keys, and keeps ocr's lines over it. */
export class Visit {
  readonly #visited: Visited;
  readonly #detachKey = new DetachKey();
  readonly #answers = new TerminalAnswers();
  readonly #overlay: OverlayLine;
  readonly #freeze: FreezeWatch;
  /** Drops keys from before the user saw the program. */
  #phase: Phase = 'unseen';
  #isSilent = false;
  #notice: ((columns: number) => string) | null;

  constructor(visited: Visited, notice: ((columns: number) => string) | null) {
    this.#visited = visited;
    this.#notice = notice;
    this.#overlay = new OverlayLine(visited.paint);
    this.#freeze = new FreezeWatch(
      {
        wake: () => visited.wake(),
        tell: (isSilent) => {
          this.#isSilent = isSilent;
          this.#updateLine();
        },
      },
      visited.wasAlternate,
    );
  }

  /** Handles input from the terminal. True for the key that leaves the program. */
  read(bytes: Buffer): boolean {
    this.#visited.colours.listen(bytes);
    const { typed, detaches } = this.#detachKey.read(bytes);
    if (this.#phase === 'opening') {
      // The program queries the terminal before it paints.
      const { answers } = this.#answers.push(typed.toString('latin1'));
      if (answers !== '') this.#visited.pty.write(Buffer.from(answers, 'latin1'));
    } else if (this.#phase === 'seen' && typed.length > 0) {
      this.#visited.pty.write(typed);
      this.#freeze.typed();
    }
    return detaches;
  }

  opens(): void {
    this.#phase = 'opening';
    this.#updateLine();
  }

  isSeen(): void {
    this.#phase = 'seen';
    this.#freeze.printed(this.#visited.screen.alternate);
    this.#updateLine();
  }

  /** Sets the notice; `null` for none. */
  say(notice: ((columns: number) => string) | null): void {
    this.#notice = notice;
    this.#updateLine();
  }

  /** Updates the lines after output of the program reached the kept screen. */
  printed(): void {
    if (this.#phase === 'seen') this.#freeze.printed(this.#visited.screen.alternate);
    if (this.#visited.hasRowBelow()) this.#overlay.repaintSoon();
  }

  resized(): void {
    this.#updateLine();
  }

  close(): void {
    this.#freeze.close();
    this.#overlay.close();
  }

  #updateLine(): void {
    const { words, columns } = this.#visited;
    if (this.#phase === 'opening' && words !== null) {
      // The rest of the screen is blank, at any size.
      this.#overlay.show(() => HIDE_CURSOR + ERASE_SCREEN + words.opening(columns()), SPINNER_INTERVAL_MS);
    } else if (this.#phase === 'seen') {
      const status = this.#visited.hasRowBelow() ? (words?.status ?? (() => '')) : null;
      const line = this.#isSilent && words !== null ? words.silent : (this.#notice ?? status);
      if (line === null) this.#overlay.hide();
      else this.#overlay.show(() => line(columns()), NOTICE_INTERVAL_MS);
    }
  }
}
