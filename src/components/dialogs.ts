import { printable } from '../domain/printable.ts';
import type { ErrorDetail } from '../store/state.ts';
import type { Binding } from './keys/binding.ts';
import { type Line, segment, untrusted } from './paint/line.ts';
import { wrapText } from './paint/wrap.ts';

/** Composes the last error in full; its title first. */
export function errorLines(error: ErrorDetail, columns: number): Line[] {
  const title: Line = { left: [segment('  '), untrusted(error.title, 'bad', true)] };
  const body = error.lines.flatMap((line) =>
    wrapText(printable(line), columns - 4).map((text): Line => ({ left: [segment(`  ${text}`)] })),
  );
  return [title, { left: [] }, ...body];
}

/** The bindings that the README lists, one a line: those with a key, without the ones of help and windows. */
export function listedBindings(bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(
    ({ action, keys }) =>
      keys.length > 0 && action !== 'closeWindow' && (action === 'help' || !action.startsWith('help')),
  );
}
