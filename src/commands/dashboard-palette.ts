import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import { paletteEntries } from '../components/command/palette.ts';
import type { Binding } from '../components/keys/binding.ts';
import { modeOf } from '../components/keys/dispatch.ts';
import { selectAttention } from '../fleet/select-attention.ts';
import { createForm } from '../store/form/form.ts';
import { choiceOf } from '../store/form/form-values.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrStore } from '../store/store.ts';
import { inTriageOrder } from '../store/triage.ts';
import { selectedRow } from '../store/view-transitions.ts';

export interface PaletteParts {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly bindings: readonly Binding[];
  readonly selectRows: SelectRows;
  readonly themes: () => readonly string[];
  readonly run: (binding: Binding) => void;
  readonly setTheme: (name: string) => void;
}

/** Offers everything that can be done here, searched as the user types, and does what was chosen. */
export async function showPalette({
  store,
  dialogs,
  bindings,
  selectRows,
  themes,
  run,
  setTheme,
}: PaletteParts): Promise<void> {
  const state = store.getState();
  const rows = selectRows(state);
  const items = inTriageOrder(selectAttention(state, Date.now()));
  const context = { state, row: selectedRow(rows, state), items };
  const entries = paletteEntries(bindings, modeOf(state), context, themes());
  dialogs.began();
  const form = createForm({
    title: 'Commands',
    submitLabel: 'run',
    fields: [
      {
        kind: 'choice',
        name: 'what',
        label: 'find',
        options: entries.map(({ label, description }, index) => ({ value: String(index), label, description })),
        initial: '0',
        validate: (value) => (value === null ? 'No command matches' : null),
      },
    ],
  });
  const chosen = await dialogs.form(form, { busy: '', submit: async (values) => choiceOf(values, 'what') });
  const entry = chosen === null ? undefined : entries[Number(chosen)];
  if (entry === undefined) return;
  if ('binding' in entry.run) run(entry.run.binding);
  else if ('change' in entry.run) store.setState(entry.run.change);
  else setTheme(entry.run.theme);
}
