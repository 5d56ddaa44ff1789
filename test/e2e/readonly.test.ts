import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { FLEET_ACTIONS } from '../../src/actions/fleet/fleet-actions.ts';
import type { Binding, Mode } from '../../src/components/keys/binding.ts';
import { createBindings } from '../../src/components/keys/bindings.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { api } from '../fleet/seed-plan.ts';
import { footerOf, KeyWalk, type Place } from '../support/key-walk.ts';
import { ManyHosts, makeSessions, storedSessions } from '../support/many-hosts.ts';
import { type RecordedServer, startRecordedServer } from '../support/recording-proxy.ts';
import { RunRecorder } from '../support/run-recorder.ts';

const asks = 'Wombat asks for a permission';
const wonders = 'Wombat has a question';
const ended = 'Wombat has ended';
/** The home of homebin, where no server runs. */
const cached = 'Cache the exchange rates';
const prompts = { [asks]: 'ask permission for it', [wonders]: 'ask question about it', [ended]: 'say hello' };

const ASKS_LOGIN_SHELL = /^setsid \/bin\/bash -l (-i )?-c exec \/bin\/sh -c 'eval "\$\(printf "ocr_mark=/;
const READONLY = /^ (alpha|homebin) is read-only \(.*readonly: true\)$/;
/** Actions that end or leave the dashboard, in one view or in all. */
const LEAVES: ReadonlySet<string> = new Set(['quit', 'leave', 'suspend']);
const bindings = createBindings({});
const actions = new Map(FLEET_ACTIONS.map((action) => [action.id, action]));
const waiting = z.array(z.object({ id: z.string() }));

const places: readonly Place[] = [
  { name: 'a session', mode: 'list', on: 'session' },
  { name: 'marked sessions', mode: 'list', on: 'marked' },
  { name: 'a project', mode: 'list', on: 'project' },
  { name: 'a host', mode: 'list', on: 'host' },
  { name: 'the triage view', mode: 'list', view: 'triage', on: 'session' },
  { name: 'the full panel', mode: 'panel', on: 'session' },
];

let fleet: Fleet;
let dashboard: ManyHosts;
let alpha: RecordedServer;
let walk: KeyWalk;
let directory: string;
let recorders: { readonly alpha: RunRecorder; readonly homebin: RunRecorder };

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha', 'homebin'] });
  directory = join(fleet.host('alpha').home, api);
  recorders = {
    alpha: await RunRecorder.start(fleet.host('alpha')),
    homebin: await RunRecorder.start(fleet.host('homebin')),
  };
  alpha = await startRecordedServer({ host: fleet.host('alpha'), opencode: fleet.opencode });
  const ids = await makeSessions(alpha.server, directory, Object.keys(prompts));
  for (const [title, text] of Object.entries(prompts)) {
    const parts = [{ type: 'text', text }];
    await alpha.server.request('POST', `/session/${ids.get(title)}/prompt_async`, directory, { parts });
  }
  await vi.waitFor(
    async () => expect([await pending('permission'), await pending('question')].flat()).toHaveLength(2),
    { timeout: 60_000 },
  );
  dashboard = new ManyHosts('readonly', fleet, { EDITOR: 'true' });
  walk = new KeyWalk(dashboard, asks, wonders);
});
afterEach(() => dashboard?.close());
afterAll(async () => {
  await alpha?.close();
  await fleet?.close();
});

describe('--readonly', () => {
  it('lets no key send a server more than reads, nor start anything on a host, and says why', async () => {
    await dashboard.open({ include: ['alpha', 'homebin'], flags: '--readonly', columns: 170 });
    await dashboard.waitFor((lines) => / live( |$)/.test(lines.find((line) => / alpha /.test(line)) ?? ''));
    // The probe asks for opencode's version once, when it has the sessions. Here the package tells it.
    for (const recorder of Object.values(recorders)) {
      const asked = () => recorder.runs().some((run) => run.startsWith('grep '));
      await expect.poll(asked, { timeout: 60_000 }).toBe(true);
    }
    const before = await truth();
    const probed = { alpha: recorders.alpha.programs(), homebin: recorders.homebin.programs() };
    for (const recorder of Object.values(recorders)) recorder.forget();
    const shells = await shellsStarted();

    const pressed = new Set<string>();
    for (const place of places) for (const binding of changingIn(place)) await refuse(place, binding, pressed);
    for (const place of places.filter(({ on }) => on === 'session')) await walkOthers(place, pressed);
    await walkWindow('?', 'help', pressed);
    await walkWindow('/', 'filter', pressed);
    await walkWithoutServer();

    // Every key of the help but those of dialogs that a read-only fleet never opens, and those that leave or suspend it.
    const listed = places.flatMap((place) => keysOf(place).map(({ key }) => pressedName(place, key)));
    const typed = (['help', 'filter'] as const).flatMap((mode) => keysOf({ mode }).map(({ key }) => `${mode} ${key}`));
    const known = [...new Set([...listed, ...typed])];
    expect(known.filter((key) => !pressed.has(key))).toEqual([]);

    const requests = alpha.requests();
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(
      requests.some(({ path }) => /\/session\/[^/]+\/message/.test(path)),
      'the panel was read in',
    ).toBe(true);
    expect(await truth()).toEqual(before);
    for (const name of ['alpha', 'homebin'] as const) {
      const started = recorders[name].programs();
      expect(
        started.filter((program) => !probed[name].includes(program)),
        `${name}: ${recorders[name].runs().join('\n')}`,
      ).toEqual([]);
      // A refresh asks the login shell again; nothing else may be started in a session of its own.
      const runs = recorders[name].runs().filter((run) => !ASKS_LOGIN_SHELL.test(run));
      expect(runs.filter((run) => /^(opencode|git|setsid|nohup|kill|mkdir) /.test(run))).toEqual([]);
    }
    // Each time the login shell is asked, in its two modes, that has a shell of its own.
    const asked = [recorders.alpha, recorders.homebin].map((recorder) => loginQuestionsOf(recorder) / 2);
    expect(await shellsStarted()).toEqual(shells.map((count, at) => count + (asked[at] ?? 0)));
    expect(dashboard.readLog()).not.toContain('action failed');
  }, 900_000);
});

type Where = Pick<Place, 'mode' | 'view'>;

/** A key of the help screen, and what it is bound to, in a mode and a view. */
function keysOf({ mode, view = 'fleet' }: Where): { readonly key: string; readonly binding: Binding }[] {
  return bindings
    .filter(({ modes, action }) => modes.includes(mode) && !LEAVES.has(action))
    .filter(({ views }) => views?.includes(view) ?? true)
    .flatMap((binding) => binding.keys.map((key) => ({ key, binding })));
}

function pressedName({ mode, view = 'fleet' }: Where, key: string): string {
  return mode === 'list' ? `${view} ${key}` : `${mode} ${key}`;
}

/** The keys of a mode that would change something. */
function changingIn(where: Where): { readonly key: string; readonly binding: Binding }[] {
  return keysOf(where).filter(({ binding }) => isChange(binding));
}

function isChange({ fleet: id, action }: Binding): boolean {
  return id === undefined ? action === 'activate' || action === 'open' : (actions.get(id)?.changes ?? false);
}

type PressedKey = ReturnType<typeof keysOf>[number];

/** Presses a key that would change something, sees why it is off, and answers any question anyway. */
async function refuse(place: Place, { key, binding }: PressedKey, pressed: Set<string>): Promise<void> {
  const action = binding.fleet === undefined ? undefined : actions.get(binding.fleet);
  await walk.goTo(place);
  const isFold = binding.action === 'activate' && (place.on === 'host' || place.on === 'project');
  if (!isFold) {
    await walk.clearToast(place);
    await walk.press(key);
    const reason = reasonOf(place, action);
    await dashboard
      .waitFor((lines) => reason.test(lines.at(-2) ?? ''), 20_000)
      .catch((error: unknown) => {
        throw new Error(`${key} on ${place.name} (${binding.fleet ?? binding.action}): ${String(error)}`);
      });
    await walk.expectPlace(place, `${key} on ${place.name} opens nothing`);
  } else await walk.press(key);
  pressed.add(pressedName(place, key));
  for (const answer of ['y', 'enter']) await walk.press(answer);
}

function reasonOf({ on }: Place, action: ReturnType<typeof actions.get>): RegExp {
  const isOfSession = action === undefined || action.on === 'session';
  if (isOfSession && (on === 'host' || on === 'project')) return /^ Select a session first$/;
  if (action?.on === 'session' && on === 'marked' && !action.bulk) return /^ Works on one session, 2 are /;
  return READONLY;
}

/** Presses the other keys of a mode, each where it may do something, and leaves what it opens. */
async function walkOthers(place: Place, pressed: Set<string>): Promise<void> {
  const others = keysOf(place).filter(({ binding }) => !isChange(binding));
  // Those that are snoozed are not listed: last.
  const last = others.filter(({ binding }) => binding.fleet === 'snooze');
  for (const { key, binding } of [...others.filter((one) => !last.includes(one)), ...last]) {
    await walk.goTo(place);
    await walk.clearToast(place);
    await walk.press(key);
    pressed.add(pressedName(place, key));
    if (binding.fleet === 'copy') {
      // Keys are dropped for a moment after the editor has had the terminal.
      await dashboard.pressUntil(key, 'Copy what?');
      await dashboard.pressUntil('i', (lines) => /^ copied the id/.test(lines.at(-2) ?? ''));
    } else if (binding.fleet === 'snooze') {
      await dashboard.waitFor((lines) => /^ Snoozed for /.test(lines.at(-2) ?? ''));
      // It is listed no more, but still selected in the tree.
      if (place.view === 'triage') await walk.leaveAll();
      await dashboard.pressUntil(key, (lines) => /^ Snooze ended/.test(lines.at(-2) ?? ''));
    } else if (binding.action === 'hideHeader' || binding.action === 'allColumns') {
      await walk.press(key);
    } else if (binding.action === 'cycleView') {
      // Details, transcript, todo, changes, log; then it is closed.
      for (let tab = 0; tab < 5; tab += 1) await walk.press(key);
    } else if (binding.fleet !== 'edit') {
      for (const answer of ['y', 'enter']) await walk.press(answer);
    }
  }
}

/** Opens a window of the dashboard by a key, and presses all keys that it has. */
async function walkWindow(opener: string, mode: Mode, pressed: Set<string>): Promise<void> {
  for (const { key } of keysOf({ mode })) {
    await walk.goTo(places[0]!);
    await walk.press(opener);
    await dashboard.waitFor((lines) => footerOf(lines, mode === 'help' ? /close$/ : /cancel|keep/));
    await walk.press(key);
    pressed.add(`${mode} ${key}`);
  }
}

/** On a host without a server nothing is started, whatever is pressed. */
async function walkWithoutServer(): Promise<void> {
  await walk.goTo(places[0]!);
  await dashboard.search('exchange rates', 1, 1);
  await dashboard.moveTo(cached);
  for (const { key, binding } of changingIn({ mode: 'list' })) {
    await walk.clearToast(places[0]!);
    await walk.press(key);
    await dashboard
      .waitFor((lines) => READONLY.test(lines.at(-2) ?? ''), 20_000)
      .catch((error: unknown) => {
        throw new Error(`${key} (${binding.fleet ?? binding.action}) on homebin: ${String(error)}`);
      });
  }
  await walk.press('E');
  await dashboard.waitFor(
    'homebin runs no server to read the transcript from, and ocr starts none on a read-only host',
  );
}

async function pending(kind: 'permission' | 'question'): Promise<string[]> {
  return waiting.parse(await alpha.server.request('GET', `/${kind}`, directory)).map(({ id }) => id);
}

/** The state of the databases and the server that a key could have changed. */
async function truth() {
  return {
    alpha: storedSessions(fleet, 'alpha', ''),
    homebin: storedSessions(fleet, 'homebin', ''),
    permissions: await pending('permission'),
    questions: await pending('question'),
  };
}

/** How often a login shell was asked for its environment. */
function loginQuestionsOf(recorder: RunRecorder): number {
  return recorder.runs().filter((run) => ASKS_LOGIN_SHELL.test(run)).length;
}

/** How many commands and shells the hosts' sshds have started. */
async function shellsStarted(): Promise<number[]> {
  const logs = await Promise.all([fleet.sshdLog('alpha'), fleet.sshdLog('homebin')]);
  return logs.map((log) => log.match(/Starting session: /g)?.length ?? 0);
}
