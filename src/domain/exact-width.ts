import { createRequire } from 'node:module';

/** The bundler's, which keeps the package in the bundle and loads it when it is called; sources that run as they are have none. */
declare const require: NodeJS.Require | undefined;

let stringWidth: ((text: string) => number) | undefined;

/** Columns of any text, by Unicode's tables. Loading them takes 17 ms, so it is done when the first such text is shown. */
export function exactWidth(text: string): number {
  stringWidth ??= load();
  return stringWidth(text);
}

function load(): (text: string) => number {
  if (typeof require === 'function') return require('string-width').default;
  return createRequire(import.meta.url)('string-width').default;
}
