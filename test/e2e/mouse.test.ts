import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CleanHome } from '../support/clean-home.ts';

let home: CleanHome;
let recording: string;

beforeEach(async () => {
  home = await CleanHome.create('ocr-mouse');
  recording = join(home.folder, 'recording');
});
afterEach(() => home?.close());

/** Modes that have a terminal report the mouse: xterm's ctlseqs, Mouse Tracking and Extended coordinates. */
const MOUSE_MODES = /\u001b\[\?(?:\d+;)*(?:9|100[0-6]|1015|1016)(?:;\d+)*h/;
const [LEFT, WHEEL_DOWN] = [0, 65];
/** ms for a click to be seen to; two within half a second are a double click. */
const CLICKING = 1500;

describe('the mouse', () => {
  it('selects by a click, unfolds by a double click, scrolls by its wheel and changes views by the tabs', async () => {
    const { terminal } = home;
    await openDemo();
    expect(await terminal.variable('mouse_sgr_flag')).toBe('1');
    expect(await readFile(recording, 'latin1')).toMatch(MOUSE_MODES);

    await clickUntil(1, isAt('dev-kim'), (lines) => isAt('dev-kim')(cursorOf(lines)));
    expect(cursorOf(await terminal.screen())).toMatch(/^▌ ▸ /);
    await clickUntil(2, isAt('dev-kim'), (lines) => /^▌ ▾ /.test(cursorOf(lines)) && isAt('dev-kim')(cursorOf(lines)));

    await terminal.keys('Home');
    const place = (lines: readonly string[]) => Number(/ (\d+)\/\d+ *$/.exec(lines[1] ?? '')?.[1]);
    await terminal.waitFor((lines) => place(lines) === 1);
    await report(WHEEL_DOWN, 12, 8);
    await terminal.waitFor((lines) => place(lines) === 4);

    await clickUntil(
      1,
      (line) => / \[1 Fleet\] /.test(line),
      (lines) => / \[2 Sessions\] /.test(lines[1] ?? ''),
      '2 Sessions',
    );
    await terminal.keys('1');
    await terminal.waitFor(/ \[1 Fleet\] /);
    await terminal.keys('q');
    await terminal.waitFor(/^ready>$/);
    expect(await terminal.variable('mouse_sgr_flag')).toBe('0');
    expect(await terminal.variable('mouse_button_flag')).toBe('0');
  });

  it('is left to the terminal with display.mouse: false', async () => {
    await mkdir(join(home.home, '.opencode'));
    await writeFile(join(home.home, '.opencode/remote-tui.yaml'), 'display: {mouse: false}\n');
    await openDemo();
    await home.terminal.keys('q');
    await home.terminal.waitFor(/^ready>$/);
    const written = await readFile(recording, 'latin1');
    expect(written).toContain('DEMO');
    expect(written).not.toMatch(MOUSE_MODES);
  });
});

const cursorOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('▌')) ?? '';
const isAt = (alias: string) => (line: string) => new RegExp(`^[▌ ] [▸▾] \\S{1,2} +${alias} `).test(line);

/** Opens the demo with its rows where they stay: all of its hosts have answered or failed. */
async function openDemo(): Promise<void> {
  await home.start('demo', 120, 50, `tmux pipe-pane 'cat >>${recording}'; clear;`);
  await home.terminal.waitFor((lines) => / DEMO /.test(lines[0] ?? '') && lines.some(isAt('dev-kim')));
}

/** Has the terminal report a press and a release of a button at a place, counted from 1. */
async function report(button: number, x: number, y: number): Promise<void> {
  await home.terminal.type(`\u001b[<${button};${x};${y}M`);
  if (button === LEFT) await home.terminal.type(`\u001b[<${button};${x};${y}m`);
}

/** Clicks on a line, or on a text in it, so often in a row, until that is seen: rows move while hosts answer. */
async function clickUntil(
  times: 1 | 2,
  isWanted: (line: string) => boolean,
  seen: (lines: readonly string[]) => boolean,
  text: string | null = null,
): Promise<void> {
  const click = async () => {
    const lines = await home.terminal.waitFor((screen) => screen.some(isWanted));
    const row = lines.findIndex(isWanted);
    const column = text === null ? 12 : (lines[row] ?? '').indexOf(text) + 2;
    for (let time = 0; time < times; time += 1) await report(LEFT, column, row + 1);
    return home.terminal.waitFor(seen, CLICKING).then(Boolean, () => false);
  };
  await expect.poll(click, { timeout: 30_000, interval: CLICKING }).toBe(true);
}
