import { beforeEach, describe, expect, it } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import {
  type FleetTransition,
  hostsChanged,
  hostsDiscovered,
  snapshotsRestored,
} from '../../src/fleet/fleet-transitions.ts';
import { groupKey, hostKey, moreKey, projectKey, sessionKey, UNREACHABLE_KEY } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';
import { createRowSelector, type SelectRows } from '../../src/store/select-rows.ts';
import { selectedHost, selectedSession } from '../../src/store/selection.ts';
import type { ViewSettings } from '../../src/store/settings.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { fleetChanged } from '../../src/store/store.ts';
import type { Transition } from '../../src/store/transition.ts';
import { inputBegun, inputCancelled, inputKept } from '../../src/store/typed-line.ts';
import {
  folded,
  moreShown,
  moved,
  parentSelected,
  searchEnded,
  selectedIndex,
} from '../../src/store/view-transitions.ts';
import { aFailure, aHost, anEntry, answered, aSession, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';

/** A row of the tree in a few letters. */
function show(row: Row): string {
  switch (row.kind) {
    case 'group':
      return `# ${row.name} ${row.entries.length}`;
    case 'host':
      return row.entry.host.alias;
    case 'project':
      return `  ${row.project.path}`;
    case 'session':
      return `    ${'  '.repeat(row.level)}${row.session.id}`;
    case 'more':
      return `    ... ${row.hidden} more`;
    default:
      throw new Error(`the tree has no row of the kind ${row.kind}`);
  }
}

/** A state with rows, changed by transitions. */
class View {
  state: OcrState;
  readonly select: SelectRows = createRowSelector();

  constructor(entries: readonly HostEntry[], settings: Partial<ViewSettings> = {}) {
    this.state = {
      ...initialState({ ...SETTINGS, ...settings }, false),
      discovered: true,
      entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
    };
  }

  apply(...transitions: Transition[]): this {
    for (const transition of transitions) this.state = { ...this.state, ...transition(this.state) };
    return this;
  }

  /** Changes the fleet, as the fleet's store does. */
  change(transition: FleetTransition): this {
    return this.apply((state) => fleetChanged({ ...state, ...transition(state) })(state));
  }

  get rows(): readonly Row[] {
    return this.select(this.state);
  }

  get lines(): string[] {
    return this.rows.map(show);
  }

  row(key: string): Row {
    const row = this.rows.find((candidate) => candidate.key === key);
    if (row === undefined) throw new Error(`there is no row ${key}`);
    return row;
  }

  unfold(...keys: string[]): this {
    for (const key of keys) this.apply(folded(this.row(key), true));
    return this;
  }
}

const web1 = answered('web1', [
  aSession({ id: 'a', project: '/shop', updated: NOW - 3000 }),
  aSession({ id: 'b', project: '/shop', updated: NOW - 1000, title: 'Zebra' }),
  aSession({ id: 'c', project: '/blog', updated: NOW - 2000 }),
  aSession({ id: 'b1', project: '/shop', parentId: 'b' }),
  aSession({ id: 'b2', project: '/shop', parentId: 'b1' }),
  aSession({ id: 'gone', project: '/shop', archived: NOW }),
]);
const single = answered('single', [aSession({ id: 's', project: '/only' })]);

function awayHost(alias: string, group: string | null = null): HostEntry {
  return anEntry({ host: aHost({ alias, group }), failure: aFailure() });
}

describe('the rows of the tree', () => {
  it('are the hosts alone at first', () => {
    expect(new View([web1, single, anEntry({ host: aHost({ alias: 'new' }) })]).lines).toEqual([
      'web1',
      'single',
      'new',
    ]);
  });

  it('unfold to projects, sessions and subagents, what was used last first', () => {
    const view = new View([web1]).unfold(hostKey('web1'));
    expect(view.lines).toEqual(['web1', '  /shop', '  /blog']);
    view.unfold(projectKey('web1', '/shop'), sessionKey('web1', 'b'), sessionKey('web1', 'b1'));
    expect(view.lines).toEqual(['web1', '  /shop', '    b', '      b1', '        b2', '    a', '  /blog']);
  });

  it('unfold the only project of a host with it', () => {
    expect(new View([single]).unfold(hostKey('single')).lines).toEqual(['single', '  /only', '    s']);
  });

  it('fold again, and remember what was unfolded below', () => {
    const view = new View([web1]).unfold(hostKey('web1'), projectKey('web1', '/shop'));
    const open = view.lines;
    view.apply(folded(view.row(hostKey('web1')), false));
    expect(view.lines).toEqual(['web1']);
    expect(view.unfold(hostKey('web1')).lines).toEqual(open);
  });

  it('leave archived sessions out unless they are wanted', () => {
    const keys = [hostKey('web1'), projectKey('web1', '/shop')];
    expect(new View([web1]).unfold(...keys).lines).not.toContain('    gone');
    expect(new View([web1], { showArchived: true }).unfold(...keys).lines).toContain('    gone');
  });

  it('can be sorted by name', () => {
    const view = new View([web1, answered('alpha', [])], { sortBy: 'name' });
    expect(view.lines).toEqual(['alpha', 'web1']);
    view.unfold(hostKey('web1'), projectKey('web1', '/shop'));
    expect(view.lines).toEqual(['alpha', 'web1', '  /blog', '  /shop', '    a', '    b']);
  });

  it('stop after as many sessions as wanted, until the user wants them all', () => {
    const sessions = Array.from({ length: 5 }, (_, at) => aSession({ id: `s${at}`, project: '/p', updated: NOW - at }));
    const view = new View([answered('h', sessions)], { maxDisplay: 2 }).unfold(hostKey('h'));
    expect(view.lines).toEqual(['h', '  /p', '    s0', '    s1', '    ... 3 more']);
    const more = view.row(moreKey('h', '/p'));
    if (more.kind === 'more') view.apply(moreShown(more));
    expect(view.lines.slice(2)).toEqual(['    s0', '    s1', '    s2', '    s3', '    s4']);
    expect(view.state.selected?.key).toBe(sessionKey('h', 's2'));
  });

  it('stand below headings when hosts have groups, those without a group first and under none', () => {
    const view = new View([
      answered('lone', []),
      answered('p1', [], { group: 'production' }),
      answered('d1', [], { group: 'development' }),
      answered('p2', [], { group: 'production' }),
    ]);
    expect(view.lines).toEqual(['lone', '# production 2', 'p1', 'p2', '# development 1', 'd1']);
    view.apply(folded(view.row(groupKey('production')), false));
    expect(view.lines.slice(0, 3)).toEqual(['lone', '# production 2', '# development 1']);
    view.apply(folded(view.row(groupKey('production')), true));
    expect(view.lines).toHaveLength(6);
  });

  it('stand below no heading where the user has turned headings off', () => {
    const entries = [answered('lone', []), answered('p1', [], { group: 'production' }), awayHost('off')];
    expect(new View(entries, { groups: false }).lines).toEqual(['lone', 'p1', 'off']);
  });

  it('put hosts that cannot be read last, below a heading, but never those that only lack opencode', () => {
    const bare = anEntry({ host: aHost({ alias: 'bare' }), failure: aFailure({ status: 'no-opencode' }) });
    const view = new View([awayHost('off', 'production'), bare, answered('p1', [], { group: 'production' })]);
    expect(view.lines).toEqual(['bare', '# production 1', 'p1', '# not reachable 1', 'off']);
    view.apply(folded(view.row(UNREACHABLE_KEY), false));
    expect(view.lines.at(-1)).toBe('# not reachable 1');
  });

  it('keep the selected host where it is while it fails, until an answer comes after the cursor has left it', () => {
    const view = new View([web1, single]).apply(() => ({ selected: selectedHost('web1') }));
    expect(view.lines).toEqual(['web1', 'single']);
    view.change(hostsChanged([{ kind: 'failed', alias: 'web1', failure: aFailure() }]));
    expect(view.lines).toEqual(['web1', 'single']);
    view.apply(() => ({ selected: selectedHost('single') }));
    expect(view.lines).toEqual(['web1', 'single']);
    view.change(hostsChanged([{ kind: 'asked', alias: 'single' }]));
    expect(view.lines).toEqual(['single', '# not reachable 1', 'web1']);
  });

  it('are the same array while nothing that shows has changed', () => {
    const view = new View([web1, single]);
    const { rows } = view;
    view.apply(() => ({ selected: selectedHost('single'), toast: { kind: 'info', text: 'x', at: 0 } }));
    expect(view.rows).toBe(rows);
  });

  it('are built again only for the host that has changed', () => {
    const view = new View([web1, single]).unfold(hostKey('web1'));
    const before = view.row(hostKey('web1'));
    view.change(hostsChanged([{ kind: 'asked', alias: 'single' }]));
    expect(view.row(hostKey('web1'))).toBe(before);
    expect(view.row(hostKey('single'))).toMatchObject({ entry: { refreshing: true } });
  });

  it('follow new settings', () => {
    const view = new View([web1]).unfold(hostKey('web1'), projectKey('web1', '/shop'));
    expect(view.lines).not.toContain('    gone');
    view.apply((state) => ({ settings: { ...state.settings, showArchived: true } }));
    expect(view.lines).toContain('    gone');
  });
});

describe('rows of a search', () => {
  const finds = (host: boolean, ...ids: string[]) => ({ host, sessions: new Set(ids), best: null });

  it('show all that leads to a find, and nothing else', () => {
    const view = new View([web1, single]);
    view.apply(() => ({ query: 'x', finds: new Map([['web1', finds(false, 'b2')]]) }));
    expect(view.lines).toEqual(['web1', '  /shop', '    b', '      b1', '        b2']);
  });

  it('show a host that was found by itself', () => {
    const view = new View([web1, single]);
    view.apply(() => ({ query: 'x', finds: new Map([['single', finds(true)]]) }));
    expect(view.lines).toEqual(['single']);
  });

  it('leave nothing out, however many there are', () => {
    const sessions = Array.from({ length: 5 }, (_, at) => aSession({ id: `s${at}`, project: '/p' }));
    const view = new View([answered('h', sessions)], { maxDisplay: 2 });
    view.apply(() => ({ query: 'x', finds: new Map([['h', finds(false, ...sessions.map(({ id }) => id))]]) }));
    expect(view.lines).toHaveLength(7);
  });

  it('unfold the headings of groups, and leave out those without a find', () => {
    const view = new View([answered('a', [], { group: 'one' }), answered('b', [], { group: 'two' })]);
    view.apply(folded(view.row(groupKey('two')), false));
    view.apply(() => ({ query: 'x', finds: new Map([['b', finds(true)]]) }));
    expect(view.lines).toEqual(['# two 1', 'b']);
  });
});

describe('the selection', () => {
  let view: View;
  beforeEach(() => {
    view = new View([web1, single]).unfold(hostKey('web1'), projectKey('web1', '/shop'));
  });

  it('begins at the first row, moves, and stops at both ends', () => {
    expect(selectedIndex(view.rows, { selected: null, selectedAt: 0 })).toBe(0);
    view.apply(moved(view.rows, 1), moved(view.rows, 1));
    expect(view.state.selected?.key).toBe(sessionKey('web1', 'b'));
    view.apply(moved(view.rows, 100));
    expect(view.state.selected?.key).toBe(hostKey('single'));
    view.apply(moved(view.rows, Number.NEGATIVE_INFINITY));
    expect(view.state.selected?.key).toBe(hostKey('web1'));
    expect(moved([], 1)(view.state)).toEqual({});
  });

  it('stays on its row when others come and go above it', () => {
    view.apply(() => ({ selected: selectedSession('web1', 'a') }));
    const sessions = [aSession({ id: 'newest', project: '/shop', updated: NOW }), ...web1.snapshot!.sessions];
    view.change(hostsChanged([{ kind: 'answered', alias: 'web1', snapshot: aSnapshot({ sessions }) }]));
    expect(view.lines).toContain('    newest');
    const row = view.rows[selectedIndex(view.rows, view.state)];
    expect(row?.key).toBe(sessionKey('web1', 'a'));
  });

  it('goes up to the row that leads there', () => {
    view.apply(() => ({ selected: selectedSession('web1', 'a') }));
    view.apply(parentSelected(view.rows, view.row(sessionKey('web1', 'a'))));
    expect(view.state.selected?.key).toBe(projectKey('web1', '/shop'));
    view.apply(parentSelected(view.rows, view.row(projectKey('web1', '/shop'))));
    expect(view.state.selected?.key).toBe(hostKey('web1'));
    expect(parentSelected(view.rows, view.row(hostKey('web1')))(view.state)).toEqual({});
  });
});

describe('a search', () => {
  const finds = new Map([['web1', { host: false, sessions: new Set(['b1']), best: null }]]);

  it('that is given up leaves all as it was', () => {
    const view = new View([web1, single]).apply(() => ({ selected: selectedHost('single') }));
    const before = view.lines;
    view.apply(inputBegun('filter'), () => ({ query: 'x', finds, selected: selectedSession('web1', 'b1') }));
    view.apply(inputCancelled);
    expect(view.lines).toEqual(before);
    expect(view.state).toMatchObject({ query: '', input: null, finds: null, selected: selectedHost('single') });
  });

  it('that is changed and given up leaves the filter that was kept, and the row selected in it', () => {
    const view = new View([web1, single]).apply(inputBegun('filter'), () => ({ query: 'x' }), inputKept);
    view.apply(() => ({ selected: selectedHost('web1') }), inputBegun('filter'));
    expect(view.state.input?.editor.text).toBe('x');
    view.apply(() => ({ query: 'xy', selected: selectedHost('single') }), inputCancelled);
    expect(view.state).toMatchObject({ query: 'x', input: null, selected: selectedHost('web1') });
  });

  it('that ends keeps its find selected and in sight', () => {
    const view = new View([web1, single]);
    view.apply(inputBegun('filter'), () => ({ query: 'x', finds, selected: selectedSession('web1', 'b1') }), inputKept);
    view.apply(searchEnded(view.rows));
    expect(view.state).toMatchObject({ query: '', finds: null, selected: selectedSession('web1', 'b1') });
    expect(view.lines).toContain('      b1');
  });
});

describe('what happens to the fleet', () => {
  it('keeps what was known of hosts that are found again, and forgets the others', () => {
    const view = new View([web1, single]);
    view.change(hostsDiscovered([aHost({ alias: 'new' }), aHost({ alias: 'web1', label: 'Renamed' })]));
    expect([...view.state.entries.keys()]).toEqual(['new', 'web1']);
    expect(view.state.entries.get('web1')).toMatchObject({ snapshot: web1.snapshot, host: { label: 'Renamed' } });
    expect(view.state.entries.get('new')).toMatchObject({ snapshot: null, fresh: false });
  });

  it('shows restored snapshots as stale, and never in place of an answer', () => {
    const old = aSnapshot({ latency: 99 });
    const view = new View([anEntry({ host: aHost({ alias: 'a' }) }), web1]);
    view.change(
      snapshotsRestored(
        new Map([
          ['a', old],
          ['web1', old],
        ]),
      ),
    );
    expect(view.state.entries.get('a')).toMatchObject({ snapshot: old, fresh: false });
    expect(view.state.entries.get('web1')?.snapshot).toBe(web1.snapshot);
  });

  it('keeps the last snapshot when a host fails, and drops the failure when it answers', () => {
    const view = new View([web1]);
    const failure = aFailure();
    view.change(hostsChanged([{ kind: 'asked', alias: 'web1' }]));
    expect(view.state.entries.get('web1')).toMatchObject({ refreshing: true, fresh: true });
    view.change(hostsChanged([{ kind: 'failed', alias: 'web1', failure }]));
    expect(view.state.entries.get('web1')).toEqual({ ...web1, failure, fresh: false, refreshing: false });
    const snapshot = aSnapshot();
    view.change(hostsChanged([{ kind: 'answered', alias: 'web1', snapshot }]));
    expect(view.state.entries.get('web1')).toEqual({ ...web1, snapshot });
  });

  it('applies many events in order, and drops those of hosts that are gone', () => {
    const view = new View([web1]);
    view.change(
      hostsChanged([
        { kind: 'asked', alias: 'gone' },
        { kind: 'failed', alias: 'web1', failure: aFailure() },
        { kind: 'resolved', alias: 'web1', route: { kind: 'local' } },
        { kind: 'answered', alias: 'web1', snapshot: aSnapshot({ latency: 1 }) },
        { kind: 'learnt', alias: 'web1', snapshot: aSnapshot({ latency: 2 }) },
      ]),
    );
    expect([...view.state.entries.keys()]).toEqual(['web1']);
    expect(view.state.entries.get('web1')).toMatchObject({
      failure: null,
      fresh: true,
      host: { route: { kind: 'local' } },
      snapshot: { latency: 2 },
    });
  });
});
