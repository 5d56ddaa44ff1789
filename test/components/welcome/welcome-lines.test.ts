import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/components/paint/line.ts';
import { type OfflineFacts, offlineLines } from '../../../src/components/welcome/offline-lines.ts';
import { type WelcomeFacts, welcomeLines } from '../../../src/components/welcome/welcome-lines.ts';
import { textOf, textPainter } from '../paint/segments.ts';

const painter = textPainter();
const NOTHING: WelcomeFacts = {
  sshConfig: { path: '~/.ssh/config', exists: false, hosts: 0 },
  localOpencode: false,
};
const shown = (facts: WelcomeFacts, columns: number, rows?: number) =>
  welcomeLines(facts, painter, columns, rows).map(({ left }) => textOf(left).trimEnd());
const said = (facts: OfflineFacts, columns: number) =>
  offlineLines(facts, painter, columns).map(({ left }) => textOf(left).trimEnd());

describe('the first run', () => {
  it('says what is missing, and three ways on', () => {
    expect(shown(NOTHING, 58)).toEqual([
      '╭ Welcome to ocr ────────────────────────────────────────╮',
      '│ ocr shows the opencode sessions of every host that     │',
      '│ you reach with ssh, and which of them need you.        │',
      '│                                                        │',
      '│ ✗ no hosts in ~/.ssh/config (there is no such file)    │',
      '│ ✗ no opencode on this machine                          │',
      '│                                                        │',
      '│ 1 Add a host to ~/.ssh/config, then press r            │',
      '│     Host my-server                                     │',
      '│       HostName 203.0.113.7                             │',
      '│       User me                                          │',
      '│ 2 Or use this machine: install opencode, press r       │',
      '│     curl -fsSL https://opencode.ai/install | bash      │',
      '│ 3 Or look around first with simulated hosts            │',
      '│     press D, the same as: ocr demo                     │',
      '│                                                        │',
      '╰ r look again  E edit config  D demo  ? help  q quit ───╯',
    ]);
  });

  it('stands in the middle of a wide screen', () => {
    expect(shown(NOTHING, 100)[0]).toBe(`${' '.repeat(21)}${shown(NOTHING, 58)[0]}`);
  });

  it('has no frame at 40 columns, and keeps the three ways on ten rows', () => {
    expect(shown(NOTHING, 40, 10)).toEqual([
      'Welcome to ocr',
      '1 Add a host to ~/.ssh/config, then',
      'press r',
      '2 Or use this machine: install opencode,',
      'press r',
      '3 Or look around first with simulated',
      'hosts',
      '    press D, the same as: ocr demo',
      'r look again  E edit config  D demo',
      '? help  q quit',
    ]);
  });

  it('tells a file without hosts from one whose hosts are all left out', () => {
    const withHosts = (hosts: number) =>
      shown({ ...NOTHING, sshConfig: { path: 'f', exists: true, hosts } }, 58).join('\n');
    expect(withHosts(0)).toContain('✗ no hosts in f ');
    expect(withHosts(1)).toContain('✗ 1 host in f, all left out by the configuration');
    expect(withHosts(3)).toContain('✗ 3 hosts in f, all left out by the configuration');
  });

  it('offers to show this machine if it has an opencode', () => {
    const lines = shown({ ...NOTHING, localOpencode: true }, 58).join('\n');
    expect(lines).toContain('✓ opencode on this machine');
    expect(lines).toContain('2 Or show this machine: press E, set hosts.local to');
    expect(lines).not.toContain('curl');
  });

  it('fits every size, whatever the path', () => {
    const path = fc.string({ unit: 'grapheme', maxLength: 60 });
    const columns = fc.integer({ min: 24, max: 200 });
    fc.assert(
      fc.property(path, columns, fc.integer({ min: 6, max: 50 }), (text, width, rows) => {
        const facts = { ...NOTHING, sshConfig: { path: text, exists: true, hosts: 0 } };
        const lines = welcomeLines(facts, painter, width, rows);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const { left } of lines) expect(widthOf(left)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('a fleet that is offline', () => {
  const ALL: OfflineFacts = { hosts: 12, alike: 11, reason: 'network is unreachable', within: 900, hasLastState: true };

  it('suspects this machine if most hosts fail alike', () => {
    expect(said(ALL, 100)).toEqual([
      ' ○ No host answers.  11 of 12 failed within 1s: "network is unreachable". Is this machine online?',
      '   The list shows the last known state. You can act again once a host is back.',
    ]);
  });

  it('wraps at 40 columns', () => {
    expect(said({ ...ALL, alike: 12 }, 40)).toEqual([
      ' ○ No host answers.  All 12 failed',
      '   within 1s: "network is unreachable".',
      '   Is this machine online?',
      '   The list shows the last known state.',
      '   You can act again once a host is',
      '   back.',
    ]);
  });

  it('names the keys where nothing is known', () => {
    expect(said({ ...ALL, hosts: 1, alike: 1, within: null, hasLastState: false }, 100)).toEqual([
      ' ○ No host answers.  It failed: "network is unreachable".',
      '   No data from earlier runs. r tries again, e shows why.',
    ]);
    expect(said({ ...ALL, reason: null }, 100)[0]).toBe(' ○ No host answers.');
  });

  it('paints no control sequence of a reason', () => {
    expect(said({ ...ALL, reason: 'no\u001b[2Jway' }, 100)[0]).toContain('"noway"');
  });
});
