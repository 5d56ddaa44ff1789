import { createHash } from 'node:crypto';
import type { PublicKey } from './host-key-blob.ts';

const COLUMNS = 17;
const ROWS = 9;
/** Marks by number of visits; the last two mark the first and the last field. */
const MARKS = ' .o+=*BOX@%&#/^SE';
const START = MARKS.length - 2;
const END = MARKS.length - 1;

/**
 * Draws the picture of a key that `ssh-keygen -lv` shows, as 11 lines of 19 characters: a bishop walks over the board,
 * two bits of the SHA-256 per step (sshkey.c, fingerprint_randomart).
 */
export function drawRandomart(blob: Buffer, { label, bits }: PublicKey): string[] {
  const visits = walk(createHash('sha256').update(blob).digest());
  const rows = visits.map((row) => `|${row.map((count) => MARKS[count]).join('')}|`);
  return [frame(`[${label} ${bits}]`), ...rows, frame('[SHA256]')];
}

function walk(digest: Buffer): number[][] {
  const visits = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => 0));
  let x = (COLUMNS - 1) / 2;
  let y = (ROWS - 1) / 2;
  const mark = (change: (count: number) => number) => {
    const row = visits[y];
    if (row !== undefined) row[x] = change(row[x] ?? 0);
  };
  for (const byte of digest) {
    for (let shift = 0; shift < 8; shift += 2) {
      const bits = byte >> shift;
      x = Math.min(Math.max(x + (bits & 1 ? 1 : -1), 0), COLUMNS - 1);
      y = Math.min(Math.max(y + (bits & 2 ? 1 : -1), 0), ROWS - 1);
      mark((count) => Math.min(count + 1, START - 1));
    }
  }
  // The end mark wins if the walk returns to its start.
  const middle = visits[(ROWS - 1) / 2];
  if (middle !== undefined) middle[(COLUMNS - 1) / 2] = START;
  mark(() => END);
  return visits;
}

function frame(title: string): string {
  const left = Math.floor((COLUMNS - title.length) / 2);
  return `+${title.padStart(left + title.length, '-').padEnd(COLUMNS, '-')}+`;
}
