import { fork } from '../../../operations/sessions/fork-session.ts';
import { selectedSession } from '../../../store/selection.ts';
import { say } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';

/** Copies a session so far into a new one, and selects it. */
export async function forkSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [only] = target.sessions;
  if (only === undefined) return;
  const { entry, session } = only;
  const { alias, label } = entry.host;
  await act(ports, `forking on ${label}`, async () => {
    const forked = await fork(ports, { alias, id: session.id }, ports.signal);
    const { selected } = ports.store.getState();
    // A session must be listed before it can be selected.
    await ports.refreshHost(alias);
    say(ports.store, `${label}: forked as ${forked.title}`);
    // The user may have moved on meanwhile.
    if (ports.store.getState().selected?.key === selected?.key)
      ports.store.setState({ selected: selectedSession(alias, forked.id) });
  });
}
