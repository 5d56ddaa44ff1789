import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { createPainter, type Painter } from '../../src/components/paint/painter.ts';
import { parseTheme } from '../../src/config/theme.ts';
import type { ScreenRequest, ScreenTarget, TerminalSize } from '../../src/domain/painted-screen.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

/** A painter with the theme of that name and no colours, so that text alone is compared. */
export function plainPainter(theme: 'nightops' | 'light' | 'minimal' = 'nightops'): Painter {
  const text = readFileSync(join(packageRoot(), 'themes', `${theme}.yaml`), 'utf8');
  return createPainter({ theme: parseTheme(text, theme), colour: false });
}

/** Keeps the last screen that was composed, at the end of the turn that asked for it. */
class FakeTarget implements ScreenTarget {
  size: TerminalSize;
  lines: readonly string[] = [];
  readonly #listeners = new Set<() => void>();
  #request: ScreenRequest | null = null;

  constructor(columns: number, rows: number) {
    this.size = { columns, rows };
  }

  onResize(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    for (const listener of this.#listeners) listener();
  }

  paint(request: ScreenRequest): void {
    if (this.#request === null) queueMicrotask(() => this.#show());
    this.#request = request;
  }

  #show(): void {
    const request = this.#request;
    this.#request = null;
    const lines = request?.compose().lines ?? [];
    this.lines = lines.slice(0, this.size.rows).map((line) => line.trimEnd());
    request?.painted();
  }
}

/** A keyboard as Ink reads it. */
export class FakeStdin extends EventEmitter {
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

/** Mounts a component as the dashboard does, with Ink for its keys alone. Returns the way to unmount it. */
export function renderInput(node: ReactNode, stdin: FakeStdin): () => void {
  const instance = render(node, {
    stdout: Object.assign(new PassThrough().resume(), { columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    interactive: false,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return () => instance.unmount();
}

export interface Screen {
  /** The lines of the last frame, without blanks at their ends. */
  lines(): string[];
  text(): string;
  /** Sends what a key sends. */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
}

/** Mounts a component that paints on a target of a given size, until the test ends. */
export function renderAt(columns: number, rows: number, node: (target: ScreenTarget) => ReactNode): Screen {
  const target = new FakeTarget(columns, rows);
  const stdin = new FakeStdin();
  const stop = renderInput(node(target), stdin);
  onTestFinished(stop);
  return {
    lines: () => [...target.lines],
    text: () => target.lines.join('\n'),
    press: (...keys) => {
      for (const key of keys) stdin.send(key);
    },
    resize: (width, height) => target.resize(width, height),
  };
}
