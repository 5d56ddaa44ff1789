import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { AttachHands, SAID, TITLE } from '../support/attach-hands.ts';

let lab: Lab<'left'>;
let hands: AttachHands;

beforeAll(async () => {
  lab = await startLab({ left: { opencode: true } });
  hands = new AttachHands('ocr-opening', lab);
});
afterEach(() => hands?.dashboard.close());
afterAll(() => lab?.close());

/** The line while a session opens, at the end of a screen that shows nothing else. */
const OPENING = /^ \S+ (Opening )?Cache the e.* on left .*\d+s +ctrl\+\] back/;

function isOpening(lines: readonly string[]): boolean {
  return OPENING.test(lines.at(-1) ?? '') && lines.slice(0, -1).every((line) => line === '');
}

describe.each([
  { attach: 'direct', columns: 80, rows: 24 },
  { attach: 'server', columns: 120, rows: 40 },
])('a session that opens ($attach, $columns columns)', ({ attach, columns, rows }) => {
  it('says so until it is there, at any size, and takes no keys', async () => {
    await hands.open(`sessions: {attach: ${attach}}`, columns, rows);
    await hands.find(TITLE);
    await hands.dashboard.keys('Enter');
    await hands.dashboard.waitFor(isOpening);
    await hands.terminal.type('dqx');
    await hands.dashboard.keys('Enter', 'C-c', 'C-z');
    for (const [wide, high] of [
      [60, 20],
      [100, 30],
      [columns, rows],
    ] as const) {
      await hands.terminal.resize(wide, high);
      await hands.dashboard.waitFor(
        (lines) => lines.length === high && (isOpening(lines) || lines.join().includes(SAID)),
      );
    }
    const lines = await hands.dashboard.waitFor(SAID);
    expect(lines.join('\n')).not.toContain('dqx');
    expect(lines.join('\n')).not.toMatch(OPENING);
    await hands.terminal.type('typed inside');
    await hands.dashboard.waitFor('typed inside');
    expect((await hands.terminal.screen()).join('\n')).not.toContain('dqx');
    await hands.detach(TITLE);
  });

  it('is left by ctrl+], and opens on', async () => {
    await hands.open(`sessions: {attach: ${attach}}`, columns, rows);
    await hands.find(TITLE);
    await hands.dashboard.keys('Enter');
    await hands.dashboard.waitFor(isOpening);
    await hands.detach(TITLE);
    await hands.enter();
    await hands.dashboard.waitFor(SAID);
    await hands.detach(TITLE);
  });
});
