import type { Binding, BindingContext, Mode } from './binding.ts';

/** The binding of a key in a mode, if there is one. Of several the first that is not disabled is taken. */
export function findBinding(
  bindings: readonly Binding[],
  mode: Mode,
  keyName: string,
  context: BindingContext,
): { binding: Binding; disabled: string | null } | null {
  const candidates = bindings.filter((binding) => binding.modes.includes(mode) && binding.keys.includes(keyName));
  let first: { binding: Binding; disabled: string | null } | null = null;
  for (const binding of candidates) {
    const disabled = binding.disabled?.(context) ?? null;
    if (disabled === null) return { binding, disabled };
    first ??= { binding, disabled };
  }
  return first;
}

/** The hints that apply now, in the order of the bindings. */
export function footerHints(
  bindings: readonly Binding[],
  mode: Mode,
  context: BindingContext,
): { key: string; hint: string }[] {
  return bindings
    .filter(
      (binding) =>
        isInFooter(binding, mode) && binding.modes.includes(mode) && (binding.disabled?.(context) ?? null) === null,
    )
    .map(({ keys, hint }) => ({ key: keys[0] ?? '', hint: typeof hint === 'string' ? hint : hint(context) }));
}

function isInFooter({ footer }: Binding, mode: Mode): boolean {
  return typeof footer === 'boolean' ? footer : footer.includes(mode);
}

/** Returns the target of keys in a state. */
export function modeOf(state: BindingContext['state']): Mode {
  if (state.helpShown) return 'help';
  if (state.errorShown) return 'error';
  if (state.dialog !== null) return state.dialog.question?.kind === 'host-key' ? 'trust' : 'auth';
  if (state.modal !== null) return state.modal.kind === 'form' ? 'form' : 'dialog';
  if (state.triage !== null) return 'triage';
  if (state.searching) return 'search';
  return state.inspecting && state.detail.full ? 'panel' : 'tree';
}
