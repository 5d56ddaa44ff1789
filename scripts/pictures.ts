import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT_IN_THEMES } from '../src/config/built-in-themes.ts';
import { loadTheme } from '../src/config/theme.ts';
import { packageRoot } from '../src/lib/package-root.ts';
import { closeDemos, DemoTerminal, type Size } from './pictures/demo-terminal.ts';
import { SCENES, type Scene } from './pictures/scenes.ts';
import { steadyCells } from './pictures/steady-cells.ts';
import { type Paper, writeSvg } from './pictures/svg.ts';

/**
 * Takes pictures of every view of the built program over the demo's hosts, in three themes and three sizes, for the documents. Two runs write the same
 * files. `node scripts/pictures.ts nightops 80x24` takes those of one theme, or of one size.
 */
const THEMES = ['nightops', 'light', 'gruvbox'];
const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
];
/** Milliseconds for which a screen stays the same before the next key. */
const KEY_MS = 400;
const PANEL = /\[details\]/;
const folder = join(packageRoot(), 'docs', 'pictures');

const wanted = process.argv.slice(2);
const isWanted = (names: readonly string[], name: string) =>
  !wanted.some((word) => names.includes(word)) || wanted.includes(name);
const sizeName = ({ columns, rows }: Size) => `${columns}x${rows}`;
const themes = THEMES.filter((name) => isWanted(BUILT_IN_THEMES, name));
const sizes = SIZES.filter((size) => isWanted(SIZES.map(sizeName), sizeName(size)));

const written = new Set<string>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void closeDemos().finally(() => process.exit(1)));
}

await mkdir(folder, { recursive: true });
try {
  for (const theme of themes) {
    const paper = await paperOf(theme);
    await Promise.all(sizes.map((size) => takeAll(theme, size, paper)));
  }
} finally {
  await closeDemos();
}
if (wanted.length === 0) await removeOthers();

/** Removes pictures of views that are gone. */
async function removeOthers(): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !written.has(name));
  await Promise.all(names.map((name) => rm(join(folder, name))));
}

async function paperOf(name: string): Promise<Paper> {
  const { theme } = await loadTheme(name, null);
  const [background] = theme.background;
  if (background === undefined) throw new Error(`the theme ${name} names no background`);
  return { foreground: theme.colours.text ?? '#c0c0c0', background };
}

async function takeAll(theme: string, size: Size, paper: Paper): Promise<void> {
  const terminal = await DemoTerminal.start(theme, size);
  try {
    // A wide terminal begins with the panel.
    if (PANEL.test(terminal.text())) await pressed(terminal, 'i');
    for (const { name, title, keys, shows, back } of SCENES) {
      for (const key of keys) await pressed(terminal, key);
      const cells = await terminal.waitFor(name, (screen) => shows.test(screen) && !/Reading /.test(screen));
      const file = `${theme}-${sizeName(size)}-${name}.svg`;
      await writeFile(join(folder, file), writeSvg(steadyCells(cells), `ocr: ${title}`, paper));
      written.add(file);
      for (const key of back) await pressed(terminal, key);
    }
    console.log(`${theme} ${sizeName(size)}: ${SCENES.length} pictures`);
  } finally {
    await terminal.close();
  }
}

/** Presses a key, and waits until the screen stands still again and shows what the key leads to. */
async function pressed(terminal: DemoTerminal, step: Scene['keys'][number]): Promise<void> {
  const { key, until } = typeof step === 'string' ? { key: step, until: /^/ } : step;
  await terminal.tick();
  terminal.press(key);
  await terminal.waitFor(`the key ${JSON.stringify(key)}`, (screen) => until.test(screen), KEY_MS);
}
