import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DemoScreen, screenLines } from '../../src/demo/host/demo-screen.ts';
import { buildSession } from '../../src/demo/model/build-session.ts';
import { Ids } from '../../src/demo/model/ids.ts';
import { DemoOpencode } from '../../src/demo/model/opencode.ts';
import { Random } from '../../src/demo/random.ts';
import { parseSessions } from '../../src/demo/seeds/seed.ts';
import { textWidth } from '../../src/domain/text-width.ts';

const STYLES = /\u001b\[\d*m/g;

function aSession() {
  const random = new Random(3);
  const seed = { path: 'app', model: 'a/claude', files: ['src/x.ts'], commands: ['npm test'], sessions: '' };
  const project = { id: 'p', worktree: '/home/me/app', seed };
  const opencode = new DemoOpencode({ version: '1', now: () => 0, ids: new Ids(random), projects: [project] });
  const [session] = parseSessions('Fix it | 5m | 1.00 | build |');
  if (session === undefined) throw new Error('no session');
  return { opencode, kept: buildSession(opencode, project, session, random) };
}

describe('the screen of a simulated session', () => {
  it('is marked, and shows the title, the last messages and the prompt', () => {
    const { kept } = aSession();
    const lines = screenLines(kept, 'add tests', { columns: 80, rows: 24 }).map((line) => line.replace(STYLES, ''));
    expect(lines[0]).toBe(' DEMO  Fix it');
    expect(lines.join('\n')).toMatch(/✓ bash npm test/);
    expect(lines.at(-3)).toBe('> add tests');
    expect(lines.at(-1)).toContain('ctrl+] back');
  });

  it('fits every size', () => {
    const { kept } = aSession();
    const size = fc.record({ columns: fc.integer({ min: 10, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(size, fc.string({ unit: 'grapheme', maxLength: 80 }), (place, typed) => {
        const lines = screenLines(kept, typed, place);
        expect(lines.length).toBeLessThanOrEqual(place.rows);
        for (const line of lines) expect(textWidth(line.replace(STYLES, ''))).toBeLessThanOrEqual(place.columns);
      }),
    );
  });

  it('sends what is typed, deletes characters, passes over arrows, and leaves by /exit or Ctrl-C', () => {
    const { opencode, kept } = aSession();
    const sent: string[] = [];
    let left = 0;
    const open = () => {
      const parts = { opencode, kept, write: () => {}, prompt: (text: string) => void sent.push(text) };
      const screen = new DemoScreen(parts, { columns: 80, rows: 24 });
      screen.onClose(() => {
        left += 1;
      });
      return screen;
    };
    open().type('helo\u007flo\u001b[A\r\u001b[200~pasted\u001b[201~\r/exit\rmore\r');
    open().type('\u0003');
    expect(sent).toEqual(['hello', 'pasted']);
    expect(left).toBe(2);
  });
});
