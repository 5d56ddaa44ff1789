import { say, sayError } from '../actions/feedback.ts';
import type { KeyTable } from '../components/keys/key-table.ts';
import { changeConfig } from '../config/change-config.ts';
import { withInstances } from '../config/given-instances.ts';
import type { LoadedConfig } from '../config/load.ts';
import { userThemeFolder } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import { listThemes } from '../config/theme.ts';
import { watchConfig } from '../config/watch-config.ts';
import { ACTION_NAMES } from '../domain/action-names.ts';
import type { Setup } from '../engine/setup.ts';
import { messageOf } from '../lib/errors.ts';
import type { OcrStore } from '../store/store.ts';
import { columnWarnings } from './column-warnings.ts';
import { keySettings } from './key-settings.ts';
import type { ChosenLook } from './look.ts';
import { runEditor } from './run-editor.ts';
import { viewSettings } from './view-settings.ts';

export interface DashboardConfigParts {
  readonly setup: Setup;
  readonly store: OcrStore;
  readonly keys: KeyTable;
  readonly look: ChosenLook;
  /** Gives the terminal to another program while the callback runs. */
  readonly lend: (callback: () => Promise<void>) => Promise<void>;
  readonly repaint: () => void;
  readonly setMouse: (isOn: boolean) => void;
}

const NO_FILE = 'The demo has no configuration file';
/** Keys that lead through every list and dialog. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'enter',
  'esc',
  'up',
  'down',
  'left',
  'right',
  'tab',
  '?',
  'backspace',
  'delete',
]);

/** The configuration while the dashboard runs: follows the file as it is saved, and changes it. */
export class DashboardConfig {
  readonly #parts: DashboardConfigParts;
  #config: Config;
  #themes: readonly string[] = [];
  #stop: () => void = () => {};
  readonly #listeners: ((config: Config) => void)[] = [];

  constructor(parts: DashboardConfigParts) {
    this.#parts = parts;
    this.#config = parts.setup.config;
    void this.#listThemes();
  }

  /** The configuration in force. */
  get current(): Config {
    return this.#config;
  }

  /** Names of the themes. */
  get themes(): readonly string[] {
    return this.#themes;
  }

  /** Begins to follow the file and the user's themes. */
  follow(): void {
    const { setup, store } = this.#parts;
    if (setup.demo === true) return;
    this.#stop = watchConfig({
      path: setup.configFile,
      themeFolders: [userThemeFolder()],
      onConfig: (loaded) => void this.#apply(loaded),
      onProblem: (message) => sayError(store, `${firstLine(message)}. The old settings stay`, message.split('\n')),
      onTheme: () => void this.#listThemes(),
    });
  }

  /** Calls the listener with each new configuration. */
  onChange(listener: (config: Config) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#stop();
  }

  setTheme(name: string): void {
    this.#change({ theme: name }, `Theme ${name}`);
  }

  setIcons(name: string): void {
    const icons = (['auto', 'emoji', 'shapes', 'ascii'] as const).find((one) => one === name);
    if (icons !== undefined) this.#change({ icons }, `Icons ${icons}`);
  }

  /** Opens the file in the user's editor. Saved changes are taken over. */
  edit(): void {
    const { setup, store, lend } = this.#parts;
    if (setup.demo === true) return say(store, NO_FILE);
    lend(() => runEditor(setup.configFile, process.env)).catch((error: unknown) => fail(store, error));
  }

  /** Writes another key of an action into the file, from where it is taken over. */
  bindKey(action: string, key: string): void {
    const { setup, store, keys } = this.#parts;
    if (setup.demo === true) return say(store, NO_FILE);
    const name = ACTION_NAMES.find((one) => one === action);
    if (name === undefined) return say(store, 'That key is fixed');
    if (RESERVED_KEYS.has(key)) return say(store, `${key} always means the same; choose another key`);
    const rival = keys.ownerOf(key, action);
    if (rival !== null) return say(store, `${key} already runs ${rival}; choose another key`);
    changeConfig(setup.configFile, ['keybindings', name], key).then(
      () => say(store, `${key} now runs ${name}`),
      (error: unknown) => fail(store, error),
    );
  }

  /** Writes a filter into the file, from where it is taken over. */
  saveFilter(name: string, key: string | null, filter: string): void {
    const { setup, store } = this.#parts;
    if (setup.demo === true) return say(store, NO_FILE);
    const value = key === null ? filter : { filter, key };
    changeConfig(setup.configFile, ['filters', name], value).then(
      () => say(store, key === null ? `Saved the filter ${name}` : `Saved the filter ${name}: ' ${key}`),
      (error: unknown) => fail(store, error),
    );
  }

  #change(settings: Parameters<ChosenLook['change']>[0], done: string): void {
    const { look, store, repaint } = this.#parts;
    look.change(settings).then(
      () => {
        repaint();
        say(store, done);
      },
      (error: unknown) => fail(store, error),
    );
  }

  async #apply(loaded: LoadedConfig): Promise<void> {
    const { setup, store, keys, look, repaint, setMouse } = this.#parts;
    // The flags of the command line outlast every file.
    const whole = withInstances(loaded.config, setup.instances);
    const config = setup.config.readonly ? { ...whole, readonly: true } : whole;
    const before = this.#config;
    this.#config = config;
    keys.replace(keySettings({ ...loaded, config }), setup.configFile);
    const { theme, icons, unicode } = config.display;
    const isOtherLook =
      JSON.stringify([theme, icons, unicode]) !==
      JSON.stringify([before.display.theme, before.display.icons, before.display.unicode]);
    if (isOtherLook) await look.change({ theme, icons, unicode }).catch((error: unknown) => fail(store, error));
    store.setState(({ settings }) => ({
      settings: {
        ...viewSettings(config, setup.demo),
        groups: settings.groups,
        showArchived: settings.showArchived,
      },
    }));
    setMouse(config.display.mouse);
    for (const listener of this.#listeners) listener(config);
    repaint();
    const notes = [...columnWarnings(config, setup.configFile), ...loaded.warnings, ...keys.conflicts];
    const later = laterSections(before, config);
    const restart = later.length === 0 ? '' : `; ${later.join(' and ')} after a restart`;
    if (notes[0] === undefined) say(store, `Configuration reloaded${restart}`);
    else sayError(store, `Configuration reloaded: ${firstLine(notes[0])}`, notes);
  }

  async #listThemes(): Promise<void> {
    this.#themes = await listThemes();
  }
}

/** Returns the changed sections that are read at the start alone. */
function laterSections(before: Config, after: Config): string[] {
  const parts = ({ polling, ssh }: Config) => ({ 'polling.max_parallel': polling.max_parallel, ssh });
  const [old, now] = [parts(before), parts(after)];
  return Object.entries(now)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name as keyof typeof old]))
    .map(([name]) => name);
}

function fail(store: OcrStore, error: unknown): void {
  const text = messageOf(error);
  sayError(store, firstLine(text), text.split('\n'));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
