import { type Line, type Segment, segment, widthOf } from '../paint/line.ts';
import { type Binding, type BindingContext, labelOf, type Mode } from './binding.ts';
import { findBinding, findChords } from './dispatch.ts';

/** Composes the keys that may follow the first keys of a chord, on as many lines as they need. */
export function chordStrip(
  bindings: readonly Binding[],
  mode: Mode,
  keys: string,
  context: BindingContext,
  columns: number,
): readonly Line[] {
  const own = findBinding(bindings, mode, keys, context)?.binding;
  const chords = findChords(bindings, mode, keys, context).map(({ binding, rest }) => ({
    key: rest,
    label: labelOf(binding, context),
  }));
  const all = [
    ...chords,
    ...(own === undefined ? [] : [{ key: 'enter', label: labelOf(own, context) }]),
    { key: 'esc', label: 'Cancel' },
  ];
  const lines: Segment[][] = [[segment(` ${keys}`, 'match', true)]];
  for (const { key, label } of all) {
    const part = [segment(`  ${key}`, 'accent', true), segment(` ${label}`)];
    const line = lines.at(-1) ?? [];
    if (widthOf([...line, ...part]) > columns) lines.push([segment('  '), ...part]);
    else line.push(...part);
  }
  return lines.map((left) => ({ left, raised: true }));
}
