import { authBindings } from './auth-bindings.ts';
import type { Binding } from './binding.ts';
import { fleetBindings } from './fleet-bindings.ts';
import { inputBindings } from './input-bindings.ts';
import {
  columnBindings,
  findBindings,
  firstRunBindings,
  hostBindings,
  markBindings,
  moveBindings,
  pulseBindings,
  rowBindings,
  sortBindings,
  viewBindings,
  wayOutBindings,
} from './list-bindings.ts';
import { panelBindings } from './panel-bindings.ts';
import { windowBindings } from './window-bindings.ts';

/** Keys that the configuration chose, by the name of the action; an empty list unbinds it. */
export type ChosenKeys = Readonly<Partial<Record<string, readonly string[]>>>;

/** All bindings with their default keys, in the order of the help screen. */
export const DEFAULT_BINDINGS: readonly Binding[] = [
  ...rowBindings,
  ...fleetBindings,
  ...hostBindings,
  ...moveBindings,
  ...markBindings,
  ...viewBindings,
  ...columnBindings,
  ...sortBindings,
  ...pulseBindings,
  ...panelBindings,
  ...findBindings,
  ...firstRunBindings,
  ...wayOutBindings,
  ...windowBindings,
  ...inputBindings,
  ...authBindings,
];

/** Actions of the full panel whose keys follow those of the list. */
const FOLLOWS: Readonly<Record<string, string>> = { panel_open: 'attach' };

/** Returns all bindings, with the keys that the configuration chose. */
export function createBindings(chosen: ChosenKeys): readonly Binding[] {
  return DEFAULT_BINDINGS.map((binding) => {
    const keys = chosen[binding.name] ?? chosen[FOLLOWS[binding.name] ?? ''];
    return keys === undefined ? binding : { ...binding, keys };
  });
}
