import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databasePath } from '../fleet/home.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { AttachHands, TITLE } from '../support/attach-hands.ts';
import { isDashboard } from '../support/lab-dashboard.ts';
import { popupOf } from '../support/popup.ts';

let lab: Lab<'left'>;
let hands: AttachHands;

beforeAll(async () => {
  lab = await startLab({ left: { opencode: true } });
  hands = new AttachHands('ocr-hands', lab);
});
afterEach(() => hands?.dashboard.close());
afterAll(() => lab?.close());

/** The root sessions that the host has, with the time since when they are archived. */
function stored(): Record<string, number | null> {
  const database = new DatabaseSync(join(lab.host('left').home, databasePath), { readOnly: true });
  try {
    const rows = database.prepare('SELECT title, time_archived FROM session WHERE parent_id IS NULL ORDER BY id').all();
    return Object.fromEntries(rows.map(({ title, time_archived: at }) => [String(title), at as number | null]));
  } finally {
    database.close();
  }
}

const isTree = (lines: readonly string[]) =>
  isDashboard(lines) && popupOf(lines).length === 0 && lines.some((line) => line.startsWith('▌'));
const isAsked = (lines: readonly string[]) => popupOf(lines)[0] === 'Delete a session of left?';
const says = (text: string | RegExp) => (lines: readonly string[]) =>
  typeof text === 'string' ? (lines.at(-2) ?? '').includes(text) : text.test(lines.at(-2) ?? '');

describe.each([
  [80, 24],
  [120, 40],
])('hands on a terminal of %i by %i', (columns, rows) => {
  it('delete nothing by n, Enter, Esc or what was typed ahead, and get back what they deleted', async () => {
    await hands.open('', columns, rows);
    await hands.find(TITLE);
    const before = stored();
    expect(before[TITLE]).toBeNull();
    for (const key of ['n', 'Enter', 'Escape']) {
      await hands.press('d', isAsked);
      await hands.press(key, (lines) => isTree(lines) && !isAsked(lines));
    }
    // In one write: the question hears nothing that was typed before it was seen.
    await hands.terminal.keys('d', 'y', 'Enter', 'y');
    await hands.dashboard.waitFor(isAsked);
    await hands.press('n', (lines) => !isAsked(lines));
    expect(stored()).toEqual(before);

    await hands.press('d', isAsked);
    await hands.press('y', (lines) => !isAsked(lines));
    await hands.dashboard.waitFor(says('deleted; u restores it'));
    expect(Object.keys(stored())).not.toContain(TITLE);
    await hands.terminal.keys('u');
    await hands.dashboard.waitFor(says(`restored "${TITLE}"`));
    expect(stored()).toEqual(before);
    expect(readdirSync(lab.environment.HOME ?? '', { recursive: true, encoding: 'utf8' }).join()).toContain('exports');
  });
});

describe('hands that type ahead', () => {
  it('rename a session by one write of ctrl+u, text and Enter, and find all that was told', async () => {
    await hands.open('', 80, 24);
    await hands.find(TITLE);
    await hands.press('R', 'Rename on left');
    await hands.terminal.keys(
      'C-u',
      ...[...'Typed ahead ü漢'].map((one) => (one === ' ' ? 'Space' : one)),
      'Enter',
      'Enter',
    );
    await hands.dashboard.waitFor(says('renamed to Typed ahead ü漢'));
    expect(Object.keys(stored())).toContain('Typed ahead ü漢');
    await hands.press('@', /^ Log › /);
    await hands.dashboard.waitFor(/\d\d:\d\d:\d\d +left: renamed to Typed ahead ü漢/);
    await hands.press('Escape', isTree);
  });

  it('archive and take that back, again and from the list', async () => {
    await hands.open('', 80, 24);
    await hands.find('Typed ahead');
    const before = stored();
    await hands.terminal.keys('A');
    await hands.dashboard.waitFor(says('archived; H shows it'));
    expect(Object.values(stored()).filter((at) => (at ?? 0) > 0)).toHaveLength(1);
    await hands.terminal.keys('U');
    await hands.dashboard.waitFor((lines) => lines.some((line) => /archived "Typed ahead ü漢" on left/.test(line)));
    await hands.dashboard.keys('Down', 'Enter');
    await hands.dashboard.waitFor(says('is unarchived'));
    expect(Object.keys(stored())).toEqual(Object.keys(before));
    expect(Object.values(stored()).filter((at) => (at ?? 0) > 0)).toHaveLength(0);
  });
});
