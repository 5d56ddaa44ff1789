import { fork } from '../../../operations/sessions/fork-session.ts';
import { sessionKey } from '../../../store/keys.ts';
import { say } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';

/** Makes a new session with what was said in one so far, and selects it. */
export async function forkSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [only] = target.sessions;
  if (only === undefined) return;
  const { entry, session } = only;
  const { alias, label } = entry.host;
  await act(ports, `forking on ${label}`, async () => {
    const forked = await fork(ports, { alias, id: session.id }, ports.signal);
    const { selected } = ports.store.getState();
    // Nothing can be selected before it is listed.
    await ports.refreshHost(alias);
    say(ports.store, `${label}: forked as ${forked.title}`);
    // Meanwhile the person may have gone elsewhere.
    if (ports.store.getState().selected === selected) ports.store.setState({ selected: sessionKey(alias, forked.id) });
  });
}
