import { describeKeyConflict, findKeyConflicts } from '../../domain/key-conflicts.ts';
import { VIEW_NAMES } from '../../store/view.ts';
import type { Binding } from './binding.ts';
import { type ChosenKeys, createBindings } from './bindings.ts';
import { commandBindings, filterBindings, type OwnCommand, type SavedFilter } from './own-bindings.ts';

/** What the configuration says about keys. */
export interface KeySettings {
  readonly chosen: ChosenKeys;
  /** Lines of the configuration that set the keys, from 1, by action. */
  readonly lines: Readonly<Partial<Record<string, number>>>;
  readonly filters: readonly SavedFilter[];
  readonly commands: readonly OwnCommand[];
}

/** All bindings that are in force. The configuration may change while the program runs. */
export class KeyTable {
  #bindings: readonly Binding[];
  #conflicts: readonly string[];

  /** `path` is the configuration, for messages. */
  constructor(settings: KeySettings, path: string) {
    [this.#bindings, this.#conflicts] = resolve(settings, path);
  }

  get bindings(): readonly Binding[] {
    return this.#bindings;
  }

  /** Keys that two actions share, each with both sides; the later one is off. */
  get conflicts(): readonly string[] {
    return this.#conflicts;
  }

  /** Returns the label of the action that a key runs where another action works; `null` if the key is free there. */
  ownerOf(key: string, action: string): string | null {
    const places = new Set(this.#bindings.filter(({ name }) => name === action).flatMap(placesOf));
    const rival = this.#bindings.find(
      (binding) =>
        binding.name !== action && binding.keys.includes(key) && placesOf(binding).some((place) => places.has(place)),
    );
    return rival === undefined ? null : typeof rival.hint === 'string' ? rival.hint : rival.name;
  }

  replace(settings: KeySettings, path: string): void {
    [this.#bindings, this.#conflicts] = resolve(settings, path);
  }
}

function resolve(
  { chosen, lines, filters, commands }: KeySettings,
  path: string,
): [readonly Binding[], readonly string[]] {
  // What the user has written beats a default, which comes later in the list.
  const all = [...filterBindings(filters), ...commandBindings(commands), ...createBindings(chosen)];
  // The tests already check the defaults for conflicts.
  if (Object.keys(chosen).length + filters.length + commands.length === 0) return [all, []];
  const uses = all.map((binding, index) => {
    const line = lines[binding.name];
    return {
      action: `${index}`,
      keys: binding.keys,
      modes: placesOf(binding),
      isOwn: binding.group === 'yours',
      ...(line === undefined ? {} : { line }),
    };
  });
  const conflicts = findKeyConflicts(uses).filter(
    ({ kept, off }) => kept.line !== undefined || off.line !== undefined || kept.isOwn === true || off.isOwn === true,
  );
  const lost = new Map<number, Set<string>>();
  for (const { key, off } of conflicts)
    lost.set(Number(off.action), (lost.get(Number(off.action)) ?? new Set()).add(key));
  const named = conflicts.map((conflict) => ({
    ...conflict,
    kept: { ...conflict.kept, action: nameOf(all, conflict.kept.action) },
    off: { ...conflict.off, action: nameOf(all, conflict.off.action) },
  }));
  const kept = all.map((binding, index) => {
    const keys = lost.get(index);
    return keys === undefined ? binding : { ...binding, keys: binding.keys.filter((key) => !keys.has(key)) };
  });
  return [
    kept,
    named.filter(({ kept: a, off: b }) => a.action !== b.action).map((one) => describeKeyConflict(one, path)),
  ];
}

function nameOf(all: readonly Binding[], index: string): string {
  return all[Number(index)]?.name ?? '';
}

/** Returns the places where a binding works: modes, and in lists the views. */
function placesOf({ modes, views = VIEW_NAMES }: Binding): string[] {
  return modes.flatMap((mode) => (mode === 'list' ? views.map((view) => `list ${view}`) : [mode]));
}
