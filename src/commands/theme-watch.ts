import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { sayError } from '../actions/feedback.ts';
import { messageOf } from '../lib/errors.ts';
import type { OcrStore } from '../store/store.ts';
import type { ChosenLook } from './look.ts';

/** Milliseconds for which a file must stay as it is: editors write one in several steps. */
const SETTLING_MS = 50;

export interface ThemeListener {
  /** The next frame has another look. */
  readonly changed: () => void;
  /** The file is broken, and the look stays as it was. */
  readonly failed: (error: unknown) => void;
}

/** Keeps the dashboard's theme as its file says, and reports what is wrong with it. Returns a function that ends it. */
export function keepTheme(look: ChosenLook, store: OcrStore, repaint: () => void): () => void {
  return watchTheme(look, {
    changed: () => {
      repaint();
      const [warning] = look.warnings;
      if (warning !== undefined) sayError(store, warning, look.warnings);
    },
    failed: (error) => {
      const text = messageOf(error);
      sayError(store, text, [text]);
    },
  });
}

/** Takes over a theme's file whenever it is saved, also after another theme was chosen. Returns a function that ends it. */
export function watchTheme(look: ChosenLook, { changed, failed }: ThemeListener): () => void {
  let watched = '';
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | undefined;
  const reload = () => void look.change().then(undefined, failed);
  const follow = () => {
    if (look.path === watched) return;
    watcher?.close();
    watched = look.path;
    watcher = watchFile(watched, () => {
      clearTimeout(timer);
      timer = setTimeout(reload, SETTLING_MS);
    });
  };
  follow();
  const stopListening = look.onChange(() => {
    follow();
    changed();
  });
  return () => {
    stopListening();
    clearTimeout(timer);
    watcher?.close();
  };
}

/** Watches a file by its folder, since editors replace it. Returns `null` where the system cannot watch: the look then changes by command only. */
function watchFile(path: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) onChange();
    });
    return watcher.on('error', () => watcher.close());
  } catch {
    return null;
  }
}
