import type { HostEntry } from '../../../domain/fleet.ts';
import { noShellReason } from '../../../domain/host.ts';
import { serverKey } from '../../../domain/server.ts';
import type { Session } from '../../../domain/session.ts';
import { knownDirectories } from '../../../operations/known-directories.ts';
import { type Folders, RemoteFolders } from '../../../operations/remote-folders.ts';
import { SessionMaker, type WantedSession } from '../../../operations/sessions/create-session.ts';
import { UnseenFolders } from '../../../operations/unseen-folders.ts';
import { choiceOf, type FormValues, isOn, textOf } from '../../../store/form/form-values.ts';
import { revealed } from '../../../store/triage.ts';
import { say, sayError } from '../../feedback.ts';
import { act, inForm } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { type Choices, loadChoices } from './load-choices.ts';
import { completeKnown, initialDirectory, newSessionForm } from './new-session-form.ts';

/** The directory whose agents and models are listed before one is typed. */
const HOME = '~';

/**
 * Creates a session on a host, in an existing or new folder, with an optional first prompt; then attaches to it or
 * stays.
 */
export async function newSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  if (target.entry === null) return;
  const { entry } = target;
  const { alias, label } = entry.host;
  const maker = new SessionMaker(ports, alias);
  const hasShell = noShellReason(entry.host) === null;
  const folders: Folders = hasShell ? new RemoteFolders(ports, alias) : new UnseenFolders(entry);
  const initial = initialDirectory(target) || (hasShell ? '' : (knownDirectories(entry)[0] ?? ''));
  let defaults: Choices = { agent: null, model: null };

  const made = await ports.dialogs.form(newSessionForm(entry, initial), {
    busy: 'creating the session',
    complete: async (_field, typed, left) =>
      completeKnown(entry, typed) ?? inForm(ports, left, (signal) => folders.complete(typed, signal)),
    load: async (feed, left) => {
      const signal = AbortSignal.any([ports.signal, left]);
      defaults = await loadChoices(ports, alias, () => folders.enter(initial || HOME, false, signal), feed, signal);
    },
    submit: (values, left) =>
      inForm(ports, left, async (signal) => {
        const directory = await folders.enter(textOf(values, 'directory'), isOn(values, 'create'), signal);
        const session = await maker.make(wantedOf(values, directory, defaults), signal);
        return { session, attach: isOn(values, 'attach'), prompted: textOf(values, 'prompt').trim() !== '' };
      }),
  });
  if (made !== null) {
    const done = made.prompted ? 'created, and the prompt sent' : 'created';
    return open(ports, entry, made.session, made.attach, `${label}: session ${done}`);
  }
  if (maker.left !== null) {
    return open(
      ports,
      entry,
      maker.left,
      false,
      `${label}: the session was created, but its prompt may not have arrived`,
    );
  }
  if (maker.stage === 'making') {
    say(ports.store, `${label}: cancelled while it was being created: it may exist anyway`);
    void ports.refreshHost(alias);
  }
}

/** Selects a new session once it is listed, and attaches to it if requested. */
async function open(
  ports: ActionPorts,
  entry: HostEntry,
  session: Session,
  attach: boolean,
  done: string,
): Promise<void> {
  const { fleet, store } = ports;
  const { alias, label } = entry.host;
  await act(ports, `reading the sessions of ${label}`, async () => {
    const snapshot = await ports.refreshHost(alias);
    const latest = fleet.getState().entries.get(alias);
    const listed = snapshot?.sessions.find(({ id }) => id === session.id);
    if (latest === undefined || listed === undefined) {
      return sayError(store, `${done}; it is not listed yet`, [session.id, session.directory]);
    }
    store.setState((state) => revealed(state, { entry: latest, session: listed }));
    say(store, `${done}${startedText(ports, entry)}`);
  });
  if (attach) ports.attach(alias, session.id);
}

/** Returns a note if a server was started for the session, since it keeps running. */
function startedText({ fleet }: ActionPorts, { host, snapshot }: HostEntry): string {
  const before = new Set(snapshot?.servers.map(serverKey));
  const now = fleet.getState().entries.get(host.alias)?.snapshot?.servers ?? [];
  const started = now.find((server) => server.own && !before.has(serverKey(server)));
  return started === undefined ? '' : `; a server was started there, on port ${started.port}`;
}

/** Leaves opencode's defaults to opencode. */
function wantedOf(values: FormValues, directory: string, defaults: Choices): WantedSession {
  const [agent, model] = [choiceOf(values, 'agent'), choiceOf(values, 'model')];
  const prompt = textOf(values, 'prompt');
  return {
    directory,
    title: textOf(values, 'title').trim() || null,
    agent: agent === defaults.agent ? null : agent,
    model: model === defaults.model ? null : model,
    prompt: prompt.trim() === '' ? null : prompt,
  };
}
