import { describe, expect, it } from 'vitest';
import { HOST_STATES } from '../../../src/components/list/state-looks.ts';
import {
  countSign,
  HOST_LOOKS,
  hostSign,
  hostState,
  hostStateSign,
  STATE_LOOKS,
  sessionSign,
  stateCount,
} from '../../../src/components/list/status-signs.ts';
import { createPainter } from '../../../src/components/paint/painter.ts';
import { ICON_SETS } from '../../../src/domain/icons.ts';
import { HOST_STATUSES } from '../../../src/domain/snapshot.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { SESSION_STATUSES } from '../../../src/fleet/session-status.ts';
import { SESSION_WORDS } from '../../../src/fleet/session-word.ts';
import { aFailure, anEntry, aSnapshot } from '../../support/builders.ts';
import { builtInTheme } from '../../support/built-in-theme.ts';

const painters = ICON_SETS.map((icons) => createPainter({ theme: builtInTheme(), icons, depth: 'plain' }));
const [emoji, shapes, ascii] = painters as [(typeof painters)[0], (typeof painters)[0], (typeof painters)[0]];

describe('the states of sessions', () => {
  it('have the signs, words and colours of the design', () => {
    const table = SESSION_WORDS.map((state) => {
      const { word, colour, bold } = STATE_LOOKS[state];
      const signs = [shapes, ascii, emoji].map((painter) => sessionSign(painter, state, null).text.trim());
      return [word, ...signs, colour, ...(bold ? ['bold'] : [])].join(' ');
    });
    expect(table).toEqual([
      'permission ▲ ! ▲ warn bold',
      'question ▲ ! ▲ warn bold',
      'stalled △ S △ warn',
      'error ✗ E 🔴 bad',
      'done ✓ D ✓ good bold',
      'retrying ↻ R ↻ warn',
      'working ◐ W ◐ busy',
      'active ● * 🟢 good',
      'idle ○ z 💤 text',
      'snoozed ◷ Z ◷ dim',
      'unknown ? ? ? dim',
      'interrupted ⊘ I ⊘ dim',
      'cold · . · dim',
      'archived □ A □ dim',
    ]);
  });

  it('differ in sign or word from each other', () => {
    for (const painter of painters) {
      const signs = SESSION_WORDS.map((state) => sessionSign(painter, state, null).text);
      expect(new Set(signs).size).toBe(SESSION_WORDS.length - 1);
    }
  });

  it('have a word and a sign for every status of a session', () => {
    for (const status of SESSION_STATUSES) expect(sessionSign(shapes, status, 0).text).not.toBe('');
    expect(sessionSign(shapes, 'waiting', 0)).toEqual(sessionSign(shapes, 'permission', 0));
    expect(sessionSign(shapes, 'errored', 0)).toEqual(sessionSign(shapes, 'error', 0));
  });

  it('turn a spinner while they work', () => {
    expect(sessionSign(shapes, 'working', 2).text).toBe('⠹');
    expect(sessionSign(emoji, 'working', 2).text).toBe('⠹ ');
  });

  it('can be counted', () => {
    expect(stateCount(shapes, 'permission', 2, 0).text).toBe('▲2');
    expect(countSign(shapes, 'errored', 2, 0).text).toBe('✗ 2');
  });
});

describe('the states of hosts', () => {
  it('have the signs, words and colours of the design', () => {
    const table = HOST_STATES.map((state) => {
      const signs = [shapes, ascii].map((painter) => hostStateSign(painter, state, null).text);
      return [HOST_LOOKS[state].word, ...signs, HOST_LOOKS[state].colour].join(' ');
    });
    expect(table).toEqual([
      'live ● o good',
      'polled ◎ p text',
      'stale ◌ s dim',
      'asking ◐ W busy',
      'no opencode ø n dim',
      'offline ○ x dim',
      'needs auth ▲ ! warn',
      'new key ▲ ! warn',
      'key changed ✗ X bad',
      'error ✗ X bad',
      'blocked ◇ b dim',
      'no shell ⊗ N dim',
    ]);
  });

  it('follow from the known facts about a host', () => {
    const known = { snapshot: aSnapshot(), refreshing: false };
    expect(hostState(anEntry({ snapshot: null, refreshing: true }))).toBe('asking');
    expect(hostState(anEntry({ snapshot: null, refreshing: false }))).toBe('asking');
    expect(hostState(anEntry({ ...known, fresh: true }))).toBe('polled');
    expect(hostState(anEntry({ ...known, fresh: false }))).toBe('stale');
    for (const status of HOST_STATUSES) {
      if (status === 'online') continue;
      const state = hostState(anEntry({ ...known, failure: aFailure({ status }) }));
      expect(HOST_STATES).toContain(state);
      if (status !== 'error') expect(state).not.toBe('error');
    }
  });

  it('turn a spinner while the host is being asked', () => {
    expect(hostSign(shapes, anEntry({ refreshing: true }), 2)).toEqual({ text: '⠹', colour: 'busy' });
  });
});

it.each(painters.map((painter) => [painter.icons.set, painter] as const))(
  'all signs of the set %s are of one width',
  (set, painter) => {
    const hosts = HOST_STATES.map((state) => hostStateSign(painter, state, 0));
    const sessions = SESSION_WORDS.map((state) => sessionSign(painter, state, 0));
    for (const { text } of [...hosts, ...sessions]) expect(textWidth(text), text).toBe(set === 'emoji' ? 2 : 1);
  },
);
