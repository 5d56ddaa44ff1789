import { printable } from '../../domain/printable.ts';
import { lastUseOf } from '../../domain/session.ts';
import { selectedHost, selectedSession } from '../../store/selection.ts';
import type { OcrState } from '../../store/state.ts';
import type { Transition } from '../../store/transition.ts';
import { revealed } from '../../store/triage.ts';
import { viewShown } from '../../store/view-travels.ts';
import { type Binding, type BindingContext, labelOf, type Mode } from '../keys/binding.ts';
import { isHere } from '../keys/dispatch.ts';
import { hostWord } from '../list/host-cells.ts';

/** Something that the palette offers. */
export interface PaletteEntry {
  readonly label: string;
  readonly description: string;
  readonly run: { readonly binding: Binding } | { readonly change: Transition } | { readonly theme: string };
}

/** Sessions offered, the latest first. */
const MAX_SESSIONS = 200;

/** Lists everything that can be done here: actions, then hosts, sessions and themes. */
export function paletteEntries(
  bindings: readonly Binding[],
  mode: Mode,
  context: BindingContext,
  themes: readonly string[],
): readonly PaletteEntry[] {
  return [
    ...actionEntries(bindings, mode, context),
    ...hostEntries(context.state),
    ...sessionEntries(context.state),
    ...themes.map((name) => ({ label: `Theme ${name}`, description: 'theme', run: { theme: name } })),
  ];
}

/** Lists the actions; those that are off come last. */
function actionEntries(bindings: readonly Binding[], mode: Mode, context: BindingContext): PaletteEntry[] {
  return bindings
    .filter((binding) => isHere(binding, mode, context) && binding.name !== 'palette')
    .map((binding) => ({ binding, off: binding.disabled?.(context) ?? null }))
    .sort((a, b) => Number(a.off !== null) - Number(b.off !== null))
    .map(({ binding, off }) => {
      const key = binding.keys[0]?.replaceAll(' ', '') ?? '';
      const about = off === null ? binding.description : `off: ${off}`;
      return {
        label: labelOf(binding, context),
        description: key === '' ? about : `${key}   ${about}`,
        run: { binding },
      };
    });
}

function hostEntries(state: OcrState): PaletteEntry[] {
  return [...state.entries.values()].map((entry) => ({
    label: printable(entry.host.label),
    description: `host, ${hostWord(entry)[0]}`,
    run: { change: (now) => ({ ...viewShown('fleet', '')(now), selected: selectedHost(entry.host.alias) }) },
  }));
}

function sessionEntries(state: OcrState): PaletteEntry[] {
  const all = [...state.entries.values()].flatMap((entry) =>
    (entry.snapshot?.sessions ?? [])
      .filter(({ parentId, archived }) => parentId === null && archived === null)
      .map((session) => ({ entry, session })),
  );
  all.sort((a, b) => lastUseOf(b.session) - lastUseOf(a.session));
  return all.slice(0, MAX_SESSIONS).map((of) => ({
    label: printable(of.session.title || 'untitled'),
    description: `session on ${printable(of.entry.host.label)}`,
    run: {
      change: (now) => ({
        ...viewShown('fleet', '')(now),
        ...revealed({ ...now, query: '' }, of),
        selected: selectedSession(of.entry.host.alias, of.session.id),
      }),
    },
  }));
}
