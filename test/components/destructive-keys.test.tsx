import { describe, expect, it, vi } from 'vitest';
import type { ActionTarget, FleetActionId } from '../../src/actions/fleet/fleet-actions.ts';
import { runAction } from '../../src/actions/fleet/run-action.ts';
import { quitFrom } from '../../src/commands/dashboard-quit.ts';
import { runOwnCommand } from '../../src/commands/own-commands.ts';
import { authBindings } from '../../src/components/keys/auth-bindings.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { remember } from '../../src/operations/delete/deleted.ts';
import { CONFIRMATIONS, type ConfirmationName } from '../../src/store/form/confirm.ts';
import { DESTRUCTIVE_FORMS, type DestructiveForm } from '../../src/store/form/form.ts';
import type { OcrState } from '../../src/store/state.ts';
import { marking, selecting, selectingHost, targetsOf } from '../actions/fleet/sessions/desk.ts';
import {
  aHost,
  aHostKeyQuestion,
  answered,
  aPermission,
  aServer,
  aSession,
  aSnapshot,
  DAY,
  MINUTE,
  NOW,
} from '../support/builders.ts';
import { type Acting, openActing } from './acting-dashboard.tsx';
import { KEYS } from './open-dashboard.tsx';

type DialogName = ConfirmationName | DestructiveForm | 'hostKey';

interface Row {
  readonly entry: HostEntry;
  /** Leads to the dialog, through those before it. */
  open(acting: Acting, entry: HostEntry): Promise<void>;
  /** Words of its title. */
  readonly title: RegExp;
  /** The key that does it. */
  readonly deliberate: readonly string[];
  /** Its effect then. */
  readonly effect: RegExp;
  /** All that Enter does, where it does not just leave: nothing that changes a session. */
  readonly enter?: readonly string[];
}

const two = [aSession({ messages: 3 }), aSession({ id: 'ses_2', title: 'Other', messages: 3 })];
const host = answered('web1', two);
const asking: HostEntry = {
  ...host,
  live: {
    ...NOTHING_LIVE,
    requests: new Map([['per_1', { server: 's', request: aPermission({ since: NOW - MINUTE }) }]]),
  },
};
const working = answered('web1', [aSession({ turn: 'open' })]);
const serving: HostEntry = { ...host, snapshot: aSnapshot({ sessions: two, servers: [aServer()] }) };

const all = (entry: HostEntry) => marking(...targetsOf(entry));

/** Runs an action as its key does, and waits for a dialog. */
async function run(acting: Acting, id: FleetActionId, target: ActionTarget, kind: 'form' | 'confirm' = 'confirm') {
  void runAction(id, acting.ports, target);
  await vi.waitFor(() => expect(acting.store.getState().modal?.kind).toBe(kind));
}

/** Fills in the field that has the keyboard, and goes on. */
function type(acting: Acting, text: string): void {
  acting.dialogs.type({ kind: 'paste', text });
}

const from = (id: FleetActionId, target: (entry: HostEntry) => ActionTarget): Row['open'] => {
  return (acting, entry) => run(acting, id, target(entry));
};

const press = ({ dialogs }: Acting, key: string) => dialogs.press(key, () => ({ count: 0, height: 10 }));

/** Every dialog that stands before something is done. */
const ROWS: Readonly<Record<DialogName, Row>> = {
  abort: {
    entry: working,
    open: from('abort', selecting),
    title: /Stop the turn/,
    deliberate: ['y'],
    effect: /^abort/,
  },
  allowAlways: {
    entry: asking,
    open: from('allowAlways', selecting),
    title: /Always allow/,
    deliberate: ['y'],
    effect: /^always/,
  },
  approveMarked: {
    entry: asking,
    open: from('answer', all),
    title: /Allow 1 permission, once each/,
    deliberate: ['y'],
    effect: /^once/,
  },
  archive: {
    entry: host,
    open: from('archive', all),
    title: /Archive 2 sessions/,
    deliberate: ['y'],
    effect: /^archive/,
  },
  copy: { entry: host, open: from('copy', selecting), title: /Copy what/, deliberate: ['i'], effect: /^clipboard/ },
  decide: {
    entry: asking,
    open: from('decide', selecting),
    title: /Fix the login page asks/,
    deliberate: ['y'],
    effect: /^once/,
    enter: ['attach ses_1'],
  },
  delete: {
    entry: host,
    open: from('delete', selecting),
    title: /Delete a session/,
    deliberate: ['y'],
    effect: /^remove/,
  },
  deleteForGood: {
    entry: host,
    open: async (acting, entry) => {
      await run(acting, 'delete', selecting(entry));
      press(acting, '!');
      await vi.waitFor(() => expect(acting.store.getState().modal?.kind).toBe('form'));
    },
    title: /for good\?/,
    deliberate: [...'delete', KEYS.enter],
    effect: /^remove/,
  },
  endServer: {
    entry: serving,
    open: async (acting, entry) => {
      await run(acting, 'reload', selectingHost(entry));
      press(acting, 'y');
      await acting.shows(/does not end/);
      acting.effects.length = 0;
    },
    title: /does not end/,
    deliberate: ['F'],
    effect: /^shell/,
  },
  hostKey: {
    entry: host,
    open: async ({ desk, note }) => {
      const { interaction } = desk.begin(aHost(), []);
      void interaction.trust(aHostKeyQuestion(), new AbortController().signal).then((is) => is && note('trusted'));
    },
    title: /SHA256:/,
    deliberate: ['y'],
    effect: /^trusted/,
  },
  ownCommand: {
    entry: host,
    open: async ({ store, dialogs, note }, entry) => {
      const yaml = 'commands: {wipe: {command: [sh, -c, "exit 3"], dangerous: true, output: foreground}}';
      const { wipe } = parseConfig(yaml, 'test.yaml').config.commands;
      const lend = async () => note('own command');
      const context = Promise.reject(new Error('it asks for no host'));
      context.catch(() => {});
      void runOwnCommand('wipe', wipe!, selecting(entry), { store, dialogs, lend, context });
    },
    title: /Run wipe\?/,
    deliberate: ['y'],
    effect: /^own command/,
  },
  promptMarked: {
    entry: host,
    open: async (acting, entry) => {
      await run(acting, 'prompt', all(entry), 'form');
      type(acting, 'go on');
      acting.dialogs.type({ kind: 'key', key: 'submit' });
      await vi.waitFor(() => expect(acting.store.getState().modal?.kind).toBe('confirm'));
    },
    title: /Send this prompt/,
    deliberate: ['y'],
    effect: /^prompt/,
  },
  prune: {
    entry: answered('web1', [aSession({ updated: NOW - 40 * DAY, messages: 3 })]),
    open: async (acting, entry) => {
      await run(acting, 'prune', selectingHost(entry), 'form');
      acting.dialogs.type({ kind: 'key', key: 'submit' });
      await vi.waitFor(() => expect(acting.store.getState().modal?.kind).toBe('confirm'));
    },
    title: /Archive 1 session/,
    deliberate: ['y'],
    effect: /^archive/,
  },
  quit: {
    entry: host,
    open: async ({ store, dialogs, desk, note }) => {
      void quitFrom({ store, dialogs, desk, running: () => 1, leave: () => note('quit') })();
    },
    title: /Quit ocr/,
    deliberate: ['y'],
    effect: /^quit/,
  },
  reload: {
    entry: serving,
    open: from('reload', selectingHost),
    title: /Stop the opencode server/,
    deliberate: ['y'],
    effect: /^shell/,
  },
  share: {
    entry: host,
    open: from('share', selecting),
    title: /Make this session public/,
    deliberate: ['y'],
    effect: /^share/,
  },
  stopClone: {
    entry: host,
    open: async (acting, entry) => {
      await run(acting, 'clone', selectingHost(entry), 'form');
      type(acting, 'https://example.org/shop');
      acting.dialogs.type({ kind: 'key', key: 'submit' });
      await vi.waitFor(() => expect(acting.store.getState().busy).toContain('cloning'));
      await run(acting, 'clone', selectingHost(entry));
    },
    title: /is being cloned/,
    deliberate: ['x'],
    effect: /^clone stopped/,
  },
  undo: {
    entry: host,
    open: async (acting, entry) => {
      const one = { alias: 'web1', at: NOW, title: 'Gone', exports: [] };
      const path = '/nowhere/export.json';
      const kept = { ...one, batch: 'a', id: 'ses_8', exports: [{ id: 'ses_8', directory: '/srv/shop', path }] };
      await remember(acting.ports.exportFolder, kept);
      await remember(acting.ports.exportFolder, { ...one, batch: 'b', id: 'ses_9' });
      acting.store.subscribe(({ toast }) => toast?.kind === 'error' && acting.note(`toast ${toast.text}`));
      await run(acting, 'undoDelete', selectingHost(entry));
    },
    title: /Undo the batch/,
    deliberate: ['y'],
    effect: /^toast .*cannot be read/,
  },
  unshare: {
    entry: answered('web1', [aSession({ id: 'ses_public' })]),
    open: from('share', selecting),
    title: /Withdraw the link/,
    deliberate: ['y'],
    effect: /^unshare/,
  },
};

/** The way to open a dialog, and the text by which each of its keys reaches the program. */
async function open(name: DialogName) {
  const row = ROWS[name];
  const acting = await openActing([row.entry]);
  return { row, acting };
}

/** Waits until the dialog is on the screen and would hear a key. */
async function read({ row, acting }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await acting.shows(row.title);
  acting.store.setState({ keysFrom: 0 });
}

/** By which a dialog is told from the others. */
function titleOf({ modal, dialog }: OcrState): string {
  if (modal?.kind === 'form') return modal.form.title;
  if (modal?.kind === 'confirm') return modal.confirm.title;
  const question = dialog?.question?.question;
  return question?.kind === 'host-key' ? question.fingerprint : '';
}

/** Lets all that a key has begun go on for a while. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

const NAMES: readonly DialogName[] = [...CONFIRMATIONS, ...DESTRUCTIVE_FORMS, 'hostKey'];
const LEAVING: readonly (readonly [string, string])[] = [
  ['n', 'n'],
  ['Esc', KEYS.esc],
  ['Enter', KEYS.enter],
  ['Enter twice in one read', '\r\r'],
  ['q', 'q'],
];

it('the table has every dialog that the program can ask before it does something', () => {
  expect(Object.keys(ROWS).sort()).toEqual([...NAMES].sort());
  // The host key is the one question that the bindings answer themselves.
  const trusting = authBindings
    .filter(({ modes }) => modes.includes('trust'))
    .map(({ action, keys }) => [action, keys]);
  expect(trusting).toEqual([
    ['trust', ['y']],
    ['distrust', ['n', 'esc']],
    ['useTerminal', ['ctrl+t']],
  ]);
});

describe.each(NAMES)('the dialog %s', (name) => {
  it.each(LEAVING)('changes nothing on %s', async (_key, sent) => {
    const opened = await open(name);
    await opened.row.open(opened.acting, opened.row.entry);
    await read(opened);
    opened.acting.screen.press(sent);
    await settle();
    const { enter = [] } = opened.row;
    expect(opened.acting.effects).toEqual(sent.startsWith(KEYS.enter) ? enter : []);
  });

  it('does nothing on a key that was typed before it was painted', async () => {
    const opened = await open(name);
    const { row, acting } = opened;
    let typed = 0;
    acting.store.subscribe((state) => {
      if (typed > 0 || !row.title.test(titleOf(state))) return;
      typed += 1;
      // However long the screen takes, and whatever the clock says.
      acting.store.setState({ keysFrom: 0 });
      expect(acting.screen.text()).not.toMatch(row.title);
      acting.screen.press(...row.deliberate);
    });
    await row.open(acting, row.entry);
    await acting.shows(row.title);
    await settle();
    expect(typed).toBe(1);
    expect(acting.effects).toEqual([]);
    expect(acting.screen.text()).toMatch(row.title);
  });

  it('does it on the key that is meant for it', async () => {
    const opened = await open(name);
    await opened.row.open(opened.acting, opened.row.entry);
    await read(opened);
    opened.acting.screen.press(...opened.row.deliberate);
    await vi.waitFor(() => expect(opened.acting.effects.join('\n')).toMatch(new RegExp(opened.row.effect, 'm')));
    await settle();
    opened.acting.stop.abort();
  });
});
