import type { Mode } from '../../src/components/keys/binding.ts';
import type { ViewName } from '../../src/store/view.ts';
import { inTriage } from './live-dashboard.ts';
import { cursorOf, type ManyHosts, markedRows } from './many-hosts.ts';
import { popupOf } from './popup.ts';

/** Where a key is pressed. */
export interface Place {
  readonly name: string;
  readonly mode: Mode;
  /** The view that is shown; absent: the tree. */
  readonly view?: ViewName;
  /** Begins what is selected. */
  readonly on: 'host' | 'project' | 'session' | 'marked';
}

/** Brings a dashboard to where a key is to be pressed, wherever the key before has led. */
export class KeyWalk {
  readonly #dashboard: ManyHosts;
  readonly #title: string;
  readonly #other: string;

  /** @param title of a session of alpha that needs the user, as does the `other` one */
  constructor(dashboard: ManyHosts, title: string, other: string) {
    this.#dashboard = dashboard;
    this.#title = title;
    this.#other = other;
  }

  /** The screen with a toast of another key, so that the next one is seen to come. */
  async clearToast({ mode }: Pick<Place, 'mode'>): Promise<void> {
    const key = mode === 'panel' ? 'T' : 'e';
    const toast = mode === 'panel' ? 'Nothing to fold' : 'No error';
    await this.#dashboard.pressUntil(key, (lines) => lines.at(-2)?.trim() === toast);
  }

  /** Leaves any open view, and goes to where a key is to be pressed. */
  async goTo(place: Place): Promise<void> {
    if (this.isAt(place, await this.settled())) return;
    await this.leaveAll();
    await this.clearAll();
    await this.jumpTo(this.#title);
    if (place.on === 'marked') {
      await this.press('space');
      await this.#dashboard.waitFor((lines) => markedRows(lines).length === 1);
      await this.jumpTo(this.#other);
      await this.press('space');
      await this.#dashboard.waitFor((lines) => markedRows(lines).length === 2);
    } else if (place.on !== 'session') {
      await this.press('left');
      await this.#dashboard.waitFor((lines) => / \S*work\/api /.test(cursorOf(lines)));
      if (place.on === 'host') {
        await this.press('left');
        await this.#dashboard.waitFor((lines) => /^> +> \S*work\/api /.test(cursorOf(lines)));
        await this.press('left');
        await this.#dashboard.waitFor((lines) => this.isAt(place, lines));
      }
    } else if (place.view === 'triage') {
      await this.press('t');
      await this.#dashboard.waitFor(inTriage);
      await this.#dashboard.moveTo(this.#title);
    } else if (place.mode === 'panel') {
      await this.press('v');
      await this.#dashboard.waitFor((lines) => footerOf(lines, / back$/));
      // Details alone has nothing to fold.
      for (let round = 0; !this.isAt(place, await this.settled()); round += 1) {
        if (round > 10) throw new Error('the panel does not come to its details');
        await this.press(inTree(await this.settled()) ? 'v' : 'tab');
      }
    }
    await this.expectPlace(place, `at ${place.name}`);
  }

  /** Selects a session that needs the user, wherever it stands. */
  async jumpTo(title: string): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const row = cursorOf(await this.settled());
      if (row.includes(title)) return;
      await this.press(']');
      await this.#dashboard.terminal.waitFor((lines) => cursorOf(lines) !== row, 3000).catch(() => null);
    }
    throw new Error(`cannot get to ${title}:\n${(await this.#dashboard.terminal.screen()).join('\n')}`);
  }

  async expectPlace(place: Place, message: string): Promise<void> {
    await this.#dashboard
      .waitFor((lines) => this.isAt(place, lines), 20_000)
      .catch((error: unknown) => {
        throw new Error(`${message}: ${String(error)}`);
      });
  }

  isAt({ mode, view, on }: Place, lines: readonly string[]): boolean {
    const row = cursorOf(lines);
    if (view === 'triage') return inTriage(lines) && row.includes(this.#title);
    if (mode === 'panel') return footerOf(lines, / back$/) && lines.some((line) => line.includes('[details]'));
    if (!inTree(lines) || !footerOf(lines, / (quit|unmark)$/)) return false;
    const marks = markedRows(lines).length;
    if (on === 'marked') return marks === 2;
    if (marks > 0) return false;
    if (on === 'session') return row.includes(this.#title);
    return on === 'project' ? /^> +[v>] \S*work\/api /.test(row) : /^> [v> ] \S alpha /.test(row);
  }

  /** Takes a search and marks away. Returns once that is seen: what follows an esc at once would be a key with alt. */
  async clearAll(): Promise<void> {
    for (;;) {
      await this.clearToast({ mode: 'list' });
      const before = JSON.stringify(stateOf(await this.#dashboard.terminal.screen()));
      await this.press('esc');
      const after = await this.#dashboard.waitFor((lines) => JSON.stringify(stateOf(lines)) !== before);
      if (/^ Nothing to close/.test(after.at(-2) ?? '')) return;
    }
  }

  /** The screen once it is the same at several looks. */
  async settled(): Promise<string[]> {
    let last = '';
    let same = 0;
    return this.#dashboard.waitFor((lines) => {
      const shown = lines.slice(1).join('\n');
      same = shown === last ? same + 1 : 0;
      last = shown;
      return same >= 3;
    });
  }

  /** Closes dialogs and views until the tree has the keyboard. */
  async leaveAll(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      if (await this.#dashboard.terminal.waitFor((lines) => inTree(lines) || isFiltered(lines), 500).catch(() => null))
        return;
      await this.press('esc');
    }
    throw new Error(`the tree does not come back:\n${(await this.#dashboard.terminal.screen()).join('\n')}`);
  }

  /** Presses a key, or the keys of a chord, by the names that bindings have for them. */
  async press(keys: string): Promise<void> {
    for (const key of keys.split(' ')) await this.#pressOne(key);
  }

  async #pressOne(key: string): Promise<void> {
    const name = tmuxNames[key] ?? (key.startsWith('ctrl+') ? `C-${key.slice('ctrl+'.length)}` : null);
    await (name === null ? this.#dashboard.terminal.type(key) : this.#dashboard.keys(name));
  }
}

function stateOf(lines: readonly string[]) {
  return { toast: lines.at(-2), place: lines[1], way: lines.at(-1), marks: markedRows(lines).length };
}

/** True if the tree has the keys, with all of its rows. */
function inTree(lines: readonly string[]): boolean {
  return popupOf(lines).length === 0 && / \[1 Fleet\] /.test(lines[1] ?? '');
}

/** True if the tree has the keys, with the rows that a filter leaves. */
function isFiltered(lines: readonly string[]): boolean {
  return (
    popupOf(lines).length === 0 &&
    /^ Fleet > /.test(lines[1] ?? '') &&
    footerOf(lines, / (clear filter|unmark|close panel|dismiss)$/)
  );
}

/** True if the line of hints contains the text. */
export function footerOf(lines: readonly string[], sought: RegExp): boolean {
  return sought.test(lines.at(-1) ?? '');
}

const tmuxNames: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Escape',
  space: 'Space',
  tab: 'Tab',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  pgup: 'PPage',
  pgdn: 'NPage',
  backspace: 'BSpace',
  delete: 'DC',
  'shift+tab': 'BTab',
  'ctrl+space': 'C-Space',
  'alt+left': 'M-Left',
  'alt+right': 'M-Right',
};
