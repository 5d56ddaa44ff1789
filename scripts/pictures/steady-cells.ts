import type { Cell } from './cell.ts';

/** The demo's hosts listen on ports that the system picks: five digits on every system that ocr runs on. */
const ADDRESS = /127\.0\.0\.1:(\d{5})/g;
const SHOWN_PORT = '22022';
/** Round trips take no time while the clock stands still, which shows as 0 or 1. */
const ROUND_TRIP = /(?<![\d.])[01]ms\b/g;
const HOST = /\b[a-z]+-[a-z0-9]+\b/;

/** Returns cells in which ports and round trips are the same each time: one port for all, and a round trip for each host. */
export function steadyCells(rows: readonly (readonly Cell[])[]): Cell[][] {
  return rows.map((row) => {
    const text = row.map((cell) => (/^[ -~]$/.test(cell.text) ? cell.text : ' ')).join('');
    const steady = [...row];
    const put = (at: number, characters: string) => {
      for (const [offset, character] of [...characters].entries()) {
        const cell = steady[at + offset];
        if (cell !== undefined) steady[at + offset] = { ...cell, text: character };
      }
    };
    for (const { index, 0: found } of text.matchAll(ADDRESS)) put(index + found.length - SHOWN_PORT.length, SHOWN_PORT);
    for (const { index } of text.matchAll(ROUND_TRIP)) put(index, String(roundTripOf(text)));
    return steady;
  });
}

/** Returns three to nine milliseconds by the host's name, the same in every view. */
function roundTripOf(text: string): number {
  const letters = [...(HOST.exec(text)?.[0] ?? '')];
  return 3 + (letters.reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 7);
}
