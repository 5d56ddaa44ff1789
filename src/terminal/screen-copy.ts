import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { fileStamp, freeName } from '../lib/file-stamp.ts';
import { SET_PLAIN } from './reset-terminal.ts';

/** A screen in two forms, each with a newline after every line. */
export interface ScreenCopy {
  /** Without colours. Blanks at the ends of lines are cut. */
  readonly text: string;
  /** With colours, for `cat` or `less -R`. Each line ends in the terminal's own colours. */
  readonly ansi: string;
}

/** Paths of a saved screen. */
export interface SavedScreen {
  readonly textPath: string;
  readonly ansiPath: string;
}

/** @param lines as painted, with their colours */
export function copyScreen(lines: readonly string[]): ScreenCopy {
  return {
    text: lines.map((line) => `${stripVTControlCharacters(line).trimEnd()}\n`).join(''),
    ansi: lines.map((line) => `${line}${SET_PLAIN}\n`).join(''),
  };
}

/**
 * Saves a screen as `ocr-YYYYMMDD-HHMMSS.txt` and `.ans`, both 0600. Never replaces an earlier one. Rejects with the system's error.
 *
 * @param folder made if it is missing
 */
export async function saveScreen(lines: readonly string[], folder: string, now: Date): Promise<SavedScreen> {
  const pathsOf = (name: string) => ({
    textPath: join(folder, `${name}.txt`),
    ansiPath: join(folder, `${name}.ans`),
  });
  const isTaken = (name: string) => Object.values(pathsOf(name)).some((path) => existsSync(path));
  const saved = pathsOf(freeName(`ocr-${fileStamp(now)}`, isTaken));
  const { text, ansi } = copyScreen(lines);
  await writePrivateFile(saved.textPath, text);
  await writePrivateFile(saved.ansiPath, ansi);
  return saved;
}
