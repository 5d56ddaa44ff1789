import { printable } from '../domain/printable.ts';
import type { ErrorDetail } from '../store/state.ts';
import type { Binding } from './keys/binding.ts';
import { foreign, type Line, segment } from './paint/line.ts';
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
  const title: Line = { left: [segment('  '), foreign(error.title, 'bad', true)] };
  const body = error.lines.flatMap((line) =>
    wrapText(printable(line), columns - 4).map((text): Line => ({ left: [segment(`  ${text}`)] })),
  );
  return (
    <Lines lines={[{ left: [] }, title, { left: [] }, ...body]} painter={painter} columns={columns} height={height} />
  );
}

const NAME_COLUMNS = 16;

/** All keys, in two columns where one is not enough. */
export function HelpDialog({
  bindings,
  painter,
  columns,
  height,
}: DialogProps & { readonly bindings: readonly Binding[] }) {
  const listed = bindings.filter((binding) => binding.action !== 'close');
  const lines: Line[] = [{ left: [segment('  Keys', 'accent', true)] }, { left: [] }];
  for (const { keys, description } of listed) {
    lines.push({ left: [segment(`  ${keys.join(' ').padEnd(NAME_COLUMNS)}`, 'accent'), segment(description)] });
  }
  const fitting = lines.length <= height ? lines : lines.filter((line) => line.left.length > 0);
  return <Lines lines={fitting} painter={painter} columns={columns} height={height} />;
}
