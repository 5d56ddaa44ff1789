import { createPainter, type Painter } from '../components/paint/painter.ts';
import type { ParsedCache } from '../config/parsed-cache.ts';
import type { Config } from '../config/schema.ts';
import { loadTheme } from '../config/theme.ts';
import type { Theme } from '../domain/theme.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';
import { detectBackground } from './terminal-background.ts';

/** Chooses theme, signs and colours by the configuration, the terminal and NO_COLOR (no-color.org). Rejects with a UserError. */
export async function chooseLook(
  display: Config['display'],
  terminal: DashboardTerminal,
  environment: NodeJS.ProcessEnv,
  cache: ParsedCache | null,
): Promise<Painter> {
  const theme = withSigns(
    await loadTheme(await themeName(display.theme, terminal, environment), cache),
    display.unicode ? null : await loadTheme('minimal', cache),
  );
  return createPainter({ theme, colour: (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb' });
}

async function themeName(name: string, terminal: DashboardTerminal, environment: NodeJS.ProcessEnv): Promise<string> {
  if (name !== 'auto') return name;
  return (await detectBackground(terminal, environment)) === 'light' ? 'light' : 'nightops';
}

function withSigns(theme: Theme, signs: Theme | null): Theme {
  return signs === null ? theme : { ...theme, glyphs: signs.glyphs, spinner: signs.spinner };
}
