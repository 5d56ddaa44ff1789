import { supportsColor } from 'chalk';
import { createPainter, type Look, type Painter } from '../components/paint/painter.ts';
import type { ColourDepth } from '../components/paint/palette.ts';
import type { ParsedCache } from '../config/parsed-cache.ts';
import type { Config } from '../config/schema.ts';
import { type LoadedTheme, loadTheme } from '../config/theme.ts';
import { chooseIconSet, type IconChoice, type IconSet } from '../domain/icons.ts';
import { chooseDepth } from './colour-depth.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';
import { askTerminal, parseColourFgBg, type TerminalFacts } from './terminal-background.ts';

/** Settings of the look. */
export type LookSettings = Pick<Config['display'], 'theme' | 'unicode'> & { readonly icons?: IconChoice };

const NOT_ASKED: TerminalFacts = { background: null, widths: null };

/** Facts about the terminal that a look depends on. */
export interface LookFacts extends TerminalFacts {
  readonly depth: ColourDepth;
  /** The value of COLORFGBG, for a terminal that does not tell its background. */
  readonly colorFgBg: string | undefined;
}

/** Chooses theme, signs and colours by the configuration, the terminal and the environment. Rejects with a UserError. */
export async function chooseLook(
  settings: LookSettings,
  terminal: Pick<DashboardTerminal, 'keyboard' | 'write'>,
  environment: NodeJS.ProcessEnv,
  cache: ParsedCache | null,
): Promise<ChosenLook> {
  // Signs are read out as words: letters are the shortest ones.
  const given = isScreenRead(environment) ? { ...settings, unicode: false } : settings;
  const depth = chooseDepth(environment, supportsColor === false ? 0 : supportsColor.level);
  const asksWidths = given.unicode && (given.icons ?? 'auto') === 'auto' && depth !== 'plain';
  const isAuto = settings.theme === 'auto';
  const asked = isAuto || asksWidths ? askTerminal(terminal, asksWidths) : Promise.resolve(NOT_ASKED);
  // The first frame needs the background only for `auto`. It waits for nothing else.
  const facts = { ...(isAuto ? await asked : NOT_ASKED), depth, colorFgBg: environment.COLORFGBG };
  const look = new ChosenLook(given, await loadTheme(themeName(settings.theme, facts), cache), facts, cache);
  if (!isAuto) void asked.then((told) => look.learn(told));
  return look;
}

/** The dashboard's look, which may change while it runs. */
export class ChosenLook {
  readonly painter: Painter;
  readonly #cache: ParsedCache | null;
  #settings: LookSettings;
  /** Changes, one after the other. */
  #changing: Promise<void> = Promise.resolve();
  #loaded: LoadedTheme;
  #facts: LookFacts;
  readonly #listeners = new Set<() => void>();

  constructor(settings: LookSettings, loaded: LoadedTheme, facts: LookFacts, cache: ParsedCache | null) {
    this.#settings = settings;
    this.#loaded = loaded;
    this.#facts = facts;
    this.#cache = cache;
    this.painter = createPainter(this.#look());
  }

  /** The settings in force, with changes made since the start. */
  get settings(): LookSettings {
    return this.#settings;
  }

  /** Colours of the theme that are hard to read, one line each. */
  get warnings(): readonly string[] {
    return this.#loaded.warnings;
  }

  /** The theme's file. */
  get path(): string {
    return this.#loaded.path;
  }

  /** Calls the listener after each change of the look, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes facts that the terminal told after the start. */
  learn(told: TerminalFacts): void {
    const { icons } = this.#look();
    this.#facts = { ...this.#facts, ...told };
    if (this.#look().icons !== icons) this.#apply();
  }

  /**
   * Reads the theme's file again, with changed settings if given. The next frame is painted with it. Rejects with a UserError and keeps the look if the theme
   * is missing or broken.
   */
  change(settings: Partial<LookSettings> = {}): Promise<void> {
    const change = this.#changing.then(() => this.#change(settings));
    this.#changing = change.catch(() => {});
    return change;
  }

  async #change(settings: Partial<LookSettings>): Promise<void> {
    const next = { ...this.#settings, ...settings };
    this.#loaded = await loadTheme(themeName(next.theme, this.#facts), this.#cache);
    this.#settings = next;
    this.#apply();
  }

  #apply(): void {
    this.painter.use(this.#look());
    for (const listener of this.#listeners) listener();
  }

  #look(): Look & { readonly icons: IconSet } {
    const { theme } = this.#loaded;
    const { icons = 'auto', unicode } = this.#settings;
    const { depth, widths } = this.#facts;
    const colour = depth !== 'none' && depth !== 'plain';
    return { theme, depth, icons: chooseIconSet(icons, { unicode, colour, theme: theme.icons, widths }) };
  }
}

function themeName(name: string, { background, colorFgBg }: LookFacts): string {
  if (name !== 'auto') return name;
  return (background ?? parseColourFgBg(colorFgBg)) === 'light' ? 'light' : 'nightops';
}

/** True if a screen reader is in use, as Ink's own programs are told. */
export function isScreenRead(environment: NodeJS.ProcessEnv): boolean {
  return environment.INK_SCREEN_READER === 'true';
}
