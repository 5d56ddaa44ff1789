import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';
import { onTestFinished } from 'vitest';
import { createPainter, type Painter } from '../../src/components/paint/painter.ts';
import { parseTheme } from '../../src/config/parse-theme.ts';
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

export interface Screen {
  /** The lines of the last frame, without blanks at their ends. */
  lines(): string[];
  text(): string;
  /** Sends what a key sends. */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
}

/** Mounts a component that paints on a target of a given size, until the test ends. */
export function renderAt(columns: number, rows: number, node: (target: ScreenTarget) => ReactElement): Screen {
  const target = new FakeTarget(columns, rows);
  const { stdin, unmount } = render(node(target));
  onTestFinished(unmount);
  return {
    lines: () => [...target.lines],
    text: () => target.lines.join('\n'),
    press: (...keys) => {
      for (const key of keys) stdin.write(key);
    },
    resize: (width, height) => target.resize(width, height),
  };
}
