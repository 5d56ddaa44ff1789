import { printable } from '../domain/printable.ts';
import type { ErrorDetail } from '../store/state.ts';
import type { Binding } from './keys/binding.ts';
import { type Line, segment, untrusted } from './paint/line.ts';
import { wrapText } from './paint/wrap.ts';

/** Composes the last error in full. */
export function errorLines(error: ErrorDetail, columns: number): Line[] {
  const title: Line = { left: [segment('  '), untrusted(error.title, 'bad', true)] };
  const body = error.lines.flatMap((line) =>
    wrapText(printable(line), columns - 4).map((text): Line => ({ left: [segment(`  ${text}`)] })),
  );
  return [{ left: [] }, title, { left: [] }, ...body];
}

const NAME_COLUMNS = 18;

/** The bindings that the help screen lists, one a line. */
export function listedBindings(bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(({ action }) => action !== 'close' && !action.startsWith('scroll'));
}

/** Composes the help screen's lines: a long description continues on the next one. */
export function helpLines(bindings: readonly Binding[], columns: number): readonly Line[] {
  const room = Math.max(20, columns - NAME_COLUMNS - 4);
  return listedBindings(bindings).flatMap(({ keys, description }) =>
    wrapText(description, room).map((text, index) => ({
      left: [segment(`  ${(index === 0 ? keys.join(' ') : '').padEnd(NAME_COLUMNS)} `, 'accent'), segment(text)],
    })),
  );
}

/** Composes the help screen: a title and `height - 1` lines of keys from the line `top` on. */
export function helpScreen(bindings: readonly Binding[], top: number, columns: number, height: number): Line[] {
  const lines = helpLines(bindings, columns);
  const shown = lines.slice(top, top + height - 1);
  const more = lines.length - top - shown.length;
  const title: Line = {
    left: [segment('  Keys', 'accent', true)],
    right: more > 0 ? [segment(`${more} more below `, 'dim')] : [],
  };
  return [title, ...shown];
}
