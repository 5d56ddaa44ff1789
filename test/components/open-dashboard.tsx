import { expect, vi } from 'vitest';
import { DialogDesk } from '../../src/actions/fleet/dialog-desk.ts';
import { QuestionDesk } from '../../src/actions/question-desk.ts';
import { App } from '../../src/components/app.tsx';
import { ScreenComposer } from '../../src/components/compose-screen.ts';
import { type KeySettings, KeyTable } from '../../src/components/keys/key-table.ts';
import type { DashboardActions } from '../../src/components/keys/perform-context.ts';
import type { KeysContext } from '../../src/components/keys/use-keys.ts';
import type { WelcomeFacts } from '../../src/components/welcome/welcome-lines.ts';
import type { HostEntry } from '../../src/domain/fleet.ts';
import type { FleetState } from '../../src/fleet/fleet-state.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import type { OcrState } from '../../src/store/state.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { SETTINGS } from '../support/builders.ts';
import { plainPainter, renderAt } from '../support/render-at.tsx';

const NO_KEY_SETTINGS = { chosen: {}, lines: {}, filters: [], commands: [] };
export const { bindings } = new KeyTable(NO_KEY_SETTINGS, '');
export const KEYS = {
  enter: '\r',
  esc: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
};

/** Actions of which a test names those that it foresees. */
function actionsOf(foreseen: Partial<DashboardActions>): DashboardActions {
  const unexpected = (name: string) => () => {
    throw new Error(`unexpected ${name}`);
  };
  return {
    attach: unexpected('attach'),
    refresh: unexpected('refresh'),
    quit: unexpected('quit'),
    suspend: unexpected('suspend'),
    repaint: unexpected('repaint'),
    authenticate: unexpected('authenticate'),
    run: unexpected('run'),
    palette: unexpected('palette'),
    saveScreen: unexpected('saveScreen'),
    editConfig: unexpected('editConfig'),
    startDemo: unexpected('startDemo'),
    ownCommand: unexpected('ownCommand'),
    ...foreseen,
  };
}

/** Effects of commands of which a test names those that it foresees. */
function commandsOf(foreseen: Partial<KeysContext['commands']>): KeysContext['commands'] {
  const unexpected = (name: string) => () => {
    throw new Error(`unexpected ${name}`);
  };
  return {
    setTheme: unexpected('setTheme'),
    setIcons: unexpected('setIcons'),
    editConfig: unexpected('editConfig'),
    saveFilter: unexpected('saveFilter'),
    bindKey: unexpected('bindKey'),
    find: unexpected('find'),
    ...foreseen,
  };
}

export const FOUND_NOTHING: WelcomeFacts = {
  sshConfig: { path: '~/.ssh/config', exists: false, hosts: 0 },
  localOpencode: false,
};
export const THEMES = ['nightops', 'light', 'minimal'];

export interface OpenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly state?: Partial<OcrState>;
  readonly actions?: Partial<DashboardActions>;
  readonly commands?: Partial<KeysContext['commands']>;
  /** Milliseconds that a key waits for the rest of a chord. */
  readonly chordWait?: number;
  /** The user's own keys, filters and commands. */
  readonly keys?: Partial<KeySettings>;
  readonly theme?: 'nightops' | 'light' | 'minimal';
}

function fleetPartOf(state: Partial<OcrState>): Partial<FleetState> {
  const names = ['entries', 'activities', 'discovered', 'nextRefreshAt', 'seen', 'snoozed', 'answered'] as const;
  return Object.fromEntries(names.filter((name) => name in state).map((name) => [name, state[name]]));
}

/** The dashboard with these hosts on a terminal of a given size, until the test ends. */
export function openDashboard(entries: readonly HostEntry[], options: OpenOptions = {}) {
  const {
    columns = 80,
    rows = 24,
    state = {},
    actions = {},
    commands = {},
    chordWait = 400,
    theme = 'nightops',
  } = options;
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  const known = { discovered: true, entries: new Map(entries.map((entry) => [entry.host.alias, entry])), ...state };
  fleet.setState(fleetPartOf(known));
  store.setState(known);
  const desk = new QuestionDesk(store);
  const dialogs = new DialogDesk(store);
  const painter = plainPainter(theme);
  const keys = new KeyTable({ ...NO_KEY_SETTINGS, ...options.keys }, 'remote-tui.yaml');
  const composer = new ScreenComposer({
    painter,
    keys,
    themes: () => THEMES,
    foundAtStart: () => FOUND_NOTHING,
    isRead: false,
  });
  const screen = renderAt(columns, rows, (target) => (
    <App
      store={store}
      actions={actionsOf(actions)}
      desk={desk}
      dialogs={dialogs}
      keys={keys}
      painter={painter}
      composer={composer}
      selectRows={createRowSelector()}
      target={target}
      commands={commandsOf(commands)}
      themes={() => THEMES}
      onMouse={() => () => {}}
      chordWait={() => chordWait}
    />
  ));
  const shows = (expected: string | RegExp) =>
    vi.waitFor(() => {
      if (typeof expected === 'string') expect(screen.text()).toContain(expected);
      else expect(screen.text()).toMatch(expected);
    });
  return { fleet, store, desk, dialogs, screen, shows };
}
