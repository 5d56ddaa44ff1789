import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { LabDashboard } from '../support/lab-dashboard.ts';
import { moveCursorTo } from '../support/move-cursor.ts';

const TITLES = ['Cache the exchange rates', 'Contrast of the buttons'] as const;

let lab: Lab<'left' | 'right'>;
let dashboard: LabDashboard;

beforeAll(async () => {
  lab = await startLab({ left: { opencode: true }, right: { opencode: true } });
  dashboard = new LabDashboard('ocr-restart', lab);
});
afterEach(() => dashboard?.close());
afterAll(() => lab?.close());

const cursorOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('▌')) ?? '';

it('view, folds, selection and sort are those of the last time after a restart', async () => {
  const { terminal } = dashboard;
  await dashboard.open({ include: ['left', 'right'] });
  await dashboard.waitUntilOnline('left', 'right');
  await dashboard.select('right');
  await terminal.keys('O');
  await dashboard.waitFor((lines) => TITLES.every((title) => lines.some((line) => line.includes(title))));
  const [, second] = TITLES;
  await moveCursorTo(terminal, (line) => line.includes(second));
  await terminal.keys('2');
  await dashboard.waitFor(/ \[2 Sessions\] /);
  await terminal.keys('S', 'h');
  await dashboard.waitFor(/ HOST↑ /);
  await terminal.keys('S', 'h');
  const sorted = await dashboard.waitFor(/ HOST↓ /);
  await moveCursorTo(terminal, (line) => line.includes(second) && line.includes(' left '));
  const chosen = cursorOf(await terminal.screen());
  await quit();

  await dashboard.open({ include: ['left', 'right'], remembers: true });
  const again = await dashboard.waitFor((lines) => / \[2 Sessions\] /.test(lines[1] ?? '') && cursorOf(lines) !== '');
  expect(heads(again)).toEqual(heads(sorted));
  expect(cursorOf(again)).toContain(second);
  expect(cursorOf(again)).toContain(' left ');
  expect(chosen).toContain(second);

  await terminal.keys('1');
  const tree = await dashboard.waitFor(/ \[1 Fleet\] /);
  const folds = tree.filter((line) => /^[▌ ] [▸▾] /.test(line)).map((line) => line.slice(2, 3));
  expect(folds).toEqual(['▸', '▾']);
  await quit();
  await dashboard.open({ include: ['left', 'right'], remembers: true });
  const last = await dashboard.waitFor((lines) => / \[1 Fleet\] /.test(lines[1] ?? '') && cursorOf(lines) !== '');
  expect(TITLES.every((title) => last.some((line) => line.includes(title)))).toBe(true);
});

const heads = (lines: readonly string[]) => lines[2];

/** Ends it by the one key that quits in every view. */
async function quit(): Promise<void> {
  await dashboard.keys('C-c');
  await dashboard.waitUntilLeft();
}
