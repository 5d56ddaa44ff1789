import type { Binding, BindingContext, Mode } from './binding.ts';

/** The binding that a key leads to, and why it is disabled, if it is. */
export interface Found {
  readonly binding: Binding;
  readonly disabled: string | null;
}

/** True if a binding belongs to the mode and to the view that is shown. */
export function isHere({ modes, views }: Binding, mode: Mode, { state }: BindingContext): boolean {
  return modes.includes(mode) && (views?.includes(state.view) ?? true);
}

/** Returns the binding of a key or chord in a mode, if there is one. Takes the first one that is enabled. */
export function findBinding(
  bindings: readonly Binding[],
  mode: Mode,
  keys: string,
  context: BindingContext,
): Found | null {
  let first: Found | null = null;
  for (const binding of bindings) {
    if (!binding.keys.includes(keys) || !isHere(binding, mode, context)) continue;
    const disabled = binding.disabled?.(context) ?? null;
    if (disabled === null) return { binding, disabled };
    first ??= { binding, disabled };
  }
  return first;
}

/** Returns the bindings of chords that begin with these keys, with the keys that are left. */
export function findChords(
  bindings: readonly Binding[],
  mode: Mode,
  keys: string,
  context: BindingContext,
): readonly { readonly binding: Binding; readonly rest: string }[] {
  const start = `${keys} `;
  return bindings
    .filter((binding) => isHere(binding, mode, context))
    .flatMap((binding) =>
      binding.keys.filter((one) => one.startsWith(start)).map((one) => ({ binding, rest: one.slice(start.length) })),
    );
}

/** Returns the target of keys in a state. */
export function modeOf(state: BindingContext['state']): Mode {
  if (state.help !== null) return 'help';
  if (state.errorShown) return 'error';
  if (state.dialog !== null) return state.dialog.question?.kind === 'host-key' ? 'trust' : 'auth';
  if (state.modal !== null) return state.modal.kind === 'form' ? 'form' : 'dialog';
  if (state.input !== null) return state.input.kind;
  return state.inspecting && state.detail.full ? 'panel' : 'list';
}
