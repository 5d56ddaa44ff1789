import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { createPainter, type Painter } from '../../src/components/paint/painter.ts';
import { parseTheme } from '../../src/config/theme.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

/** A painter with the theme of that name and no colours, so that text alone is compared. */
export function plainPainter(theme: 'nightops' | 'light' | 'minimal' = 'nightops'): Painter {
  const text = readFileSync(join(packageRoot(), 'themes', `${theme}.yaml`), 'utf8');
  return createPainter({ theme: parseTheme(text, theme), colour: false });
}

class FakeStdout extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  frame = '';

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write = (text: string): boolean => {
    // Sequences that switch modes of the terminal are not part of a frame.
    if (!/^(?:\u001b\[[?>=<]?[\d;]*[a-zA-Z])*$/.test(text)) this.frame = text;
    return true;
  };
}

class FakeStdin extends EventEmitter {
  readonly isTTY = true;
  #waiting: string[] = [];
  setEncoding() {}
  setRawMode() {}
  resume() {}
  pause() {}
  ref() {}
  unref() {}
  read = (): string | null => this.#waiting.shift() ?? null;

  send(text: string): void {
    this.#waiting.push(text);
    this.emit('readable');
  }
}

export interface Screen {
  /** The lines of the last frame, without blanks at their ends. */
  lines(): string[];
  text(): string;
  /** Sends what a key sends. */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
}

/** Mounts a component on a terminal of a given size, until the test ends. */
export function renderAt(columns: number, rows: number, node: ReactNode): Screen {
  const stdout = new FakeStdout(columns, rows);
  const stdin = new FakeStdin();
  const instance = render(node, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  onTestFinished(() => instance.unmount());
  return {
    lines: () => stdout.frame.split('\n'),
    text: () => stdout.frame,
    press: (...keys) => {
      for (const key of keys) stdin.send(key);
    },
    resize: (width, height) => {
      stdout.columns = width;
      stdout.rows = height;
      stdout.emit('resize');
    },
  };
}
