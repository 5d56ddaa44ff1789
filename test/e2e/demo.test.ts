import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/domain/text-width.ts';
import { allListening, CleanHome, listeningSockets } from '../support/clean-home.ts';

let home: CleanHome;

beforeEach(async () => {
  home = await CleanHome.create('ocr-demo');
});
afterEach(() => home?.close());

/** ms until a key is pressed again that was dropped, since what it means had just come up. */
const PRESSING = 2000;

describe.each([
  [40, 10],
  [80, 24],
  [200, 60],
])('the demo on %i by %i', (columns, rows) => {
  it.each([
    ['in colour', ''],
    ['under NO_COLOR', 'NO_COLOR=1'],
  ])('shows that it is one, lets a permission be allowed, and leaves nothing behind, %s', async (_look, before) => {
    const { terminal } = home;
    await home.start('demo', columns, rows, before);
    const first = await terminal.waitFor(/^ ocr +DEMO /);
    expect(first).toHaveLength(rows);
    const asking = await selectPermission();
    expect(Math.max(...asking.map(textWidth))).toBeLessThanOrEqual(columns);
    const painted = await terminal.painted();
    const isColoured = /\u001b\[[\d;:]*\b(3[0-7]|38|9[0-7])\b/.test(painted);
    expect(isColoured).toBe(before === '');

    await expect
      .poll(
        async () => {
          await terminal.keys('y');
          return terminal.waitFor(/: allowed once: /, PRESSING).then(Boolean, () => false);
        },
        { timeout: 30_000 },
      )
      .toBe(true);

    const processes = await terminal.processes();
    const sockets = await listeningSockets(processes);
    expect(sockets.length).toBeGreaterThan(0);
    expect(await home.leftovers()).not.toEqual([]);
    await terminal.keys('q');
    await terminal.waitFor(/^ready>$/);
    expect(await terminal.variable('alternate_on')).toBe('0');
    await expect.poll(() => terminal.processes()).toEqual([]);
    expect(processes.filter(isRunning)).toEqual([]);
    expect((await allListening()).filter((inode) => sockets.includes(inode))).toEqual([]);
    expect(await home.leftovers()).toEqual([]);
  });
});

/** Goes through what needs the user to a session that asks for a permission. Where the cursor begins depends on which host answers first. */
async function selectPermission(): Promise<string[]> {
  const asks = (lines: readonly string[]) =>
    lines.some((line) => /^▌ +▲ /.test(line)) && / enter answer /.test(lines.at(-1) ?? '');
  await home.terminal.waitFor(/^▌/);
  for (let step = 0; step < 20; step += 1) {
    const lines = await home.terminal.waitFor(asks, PRESSING).catch(() => null);
    if (lines !== null) return lines;
    await home.terminal.keys(']');
  }
  throw new Error(`nothing asks:\n${(await home.terminal.screen()).join('\n')}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
