import { printable } from '../domain/printable.ts';
import type { ErrorDetail } from '../store/state.ts';
import type { Binding } from './keys/binding.ts';
import { type Line, segment, untrusted } from './paint/line.ts';
import { Lines } from './paint/lines.tsx';
import type { Painter } from './paint/painter.ts';
import { wrapText } from './paint/wrap.ts';

interface DialogProps {
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
}

/** The last error in full. */
export function ErrorDialog({ error, painter, columns, height }: DialogProps & { readonly error: ErrorDetail }) {
  const title: Line = { left: [segment('  '), untrusted(error.title, 'bad', true)] };
  const body = error.lines.flatMap((line) =>
    wrapText(printable(line), columns - 4).map((text): Line => ({ left: [segment(`  ${text}`)] })),
  );
  return (
    <Lines lines={[{ left: [] }, title, { left: [] }, ...body]} painter={painter} columns={columns} height={height} />
  );
}

const NAME_COLUMNS = 18;

/** The bindings that the help screen lists, one a line. */
export function listedBindings(bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(({ action }) => action !== 'close' && !action.startsWith('scroll'));
}

/** The help screen's lines: a description that is too long goes on in the next one. */
export function helpLines(bindings: readonly Binding[], columns: number): readonly Line[] {
  const room = Math.max(20, columns - NAME_COLUMNS - 4);
  return listedBindings(bindings).flatMap(({ keys, description }) =>
    wrapText(description, room).map((text, index) => ({
      left: [segment(`  ${(index === 0 ? keys.join(' ') : '').padEnd(NAME_COLUMNS)} `, 'accent'), segment(text)],
    })),
  );
}

/** All keys, from the line `top` on. */
export function HelpDialog({
  bindings,
  top,
  painter,
  columns,
  height,
}: DialogProps & { readonly bindings: readonly Binding[]; readonly top: number }) {
  const lines = helpLines(bindings, columns);
  const shown = lines.slice(top, top + height - 1);
  const more = lines.length - top - shown.length;
  const title: Line = {
    left: [segment('  Keys', 'accent', true)],
    right: more > 0 ? [segment(`${more} more below `, 'dim')] : [],
  };
  return <Lines lines={[title, ...shown]} painter={painter} columns={columns} height={height} />;
}
