import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from './terminal.ts';

/** Milliseconds until one gives up, until a key counts as dropped, and in which a key that is still on its way moves the cursor. */
const PATIENCE = 60_000;
const MOVING = 2000;
const STILL = 150;
/** Lines above the rows. */
const HEAD = 2;

const cursorAt = (lines: readonly string[]) => lines.findIndex((line) => /^[>▌]/.test(line));

/**
 * Moves the cursor to the first row that is wanted, a step at a time, and returns it. It goes by where the cursor is, not by what the row says: ages
 * and latencies change by themselves.
 * @param onward the key for a row that is not on the screen
 */
export async function moveCursorTo(
  terminal: Terminal,
  isWanted: (line: string) => boolean,
  onward: 'Down' | 'Up' = 'Down',
): Promise<string> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const lines = await terminal.screen();
    const at = cursorAt(lines);
    if (at >= 0 && isWanted(lines[at] ?? '')) {
      await sleep(STILL);
      const now = await terminal.screen();
      const row = now[cursorAt(now)] ?? '';
      if (isWanted(row)) return row;
      continue;
    }
    if (Date.now() > deadline) throw new Error(`The cursor does not get there:\n${lines.join('\n')}`);
    const wanted = lines.findIndex((line, index) => index >= HEAD && isWanted(line));
    await terminal.keys(at < 0 || wanted < 0 ? onward : wanted < at ? 'Up' : 'Down');
    await terminal.waitFor((now) => ![at, -1].includes(cursorAt(now)), MOVING).catch(() => null);
  }
}
