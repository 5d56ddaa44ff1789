import { describe, expect, it, vi } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { NOTHING_LIVE, type PendingRequest } from '../../src/domain/live.ts';
import type { UserRequest } from '../../src/domain/user-request.ts';
import { hostKey, projectKey, sessionKey } from '../../src/store/keys.ts';
import { selectedSession } from '../../src/store/selection.ts';
import { answered, aPermission, aSession } from '../support/builders.ts';
import { KEYS, openDashboard } from './open-dashboard.tsx';

const KEY = sessionKey('web1', 'ses_1');

function asking(...requests: readonly UserRequest[]): HostEntry {
  const pending = requests.map((request): [string, PendingRequest] => [request.id, { server: 's', request }]);
  return { ...answered('web1', [aSession()]), live: { ...NOTHING_LIVE, requests: new Map(pending) } };
}

function open(entry: HostEntry, state: Parameters<typeof openDashboard>[1] = {}) {
  const unfolded = new Map([['web1', new Set([hostKey('web1'), projectKey('web1', '/srv/shop')])]]);
  const selected = selectedSession('web1', 'ses_1');
  const dashboard = openDashboard([entry], { ...state, state: { unfolded, selected, ...state.state } });
  const shown = () => dashboard.store.getState().shown.get(KEY);
  const put = (next: HostEntry) => dashboard.fleet.setState({ entries: new Map([['web1', next]]) });
  return { ...dashboard, shown, put };
}

describe('the painted requests', () => {
  it('counts from the frame that first had this content', async () => {
    const { shown, put, shows } = open(asking(aPermission()));
    await shows('wants to run  npm test');
    const first = shown();
    expect(Date.now() - (first?.since ?? 0)).toBeLessThan(60_000);
    // Reported again with the same content: nothing new to read.
    put(asking({ ...aPermission() }));
    put(asking(aPermission(), aPermission({ id: 'per_2' })));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shown()).toBe(first);
    put(asking(aPermission({ command: 'rm -rf ~' })));
    await shows('rm -rf ~');
    expect(shown()?.pending.request).toMatchObject({ command: 'rm -rf ~' });
    expect(shown()?.since).toBeGreaterThan(first?.since ?? 0);
  });

  it('is forgotten when nothing is asked any more', async () => {
    const { shown, put, shows } = open(asking(aPermission()));
    await shows('wants to run  npm test');
    put(asking());
    await vi.waitFor(() => expect(shown()).toBeUndefined());
  });

  it('has nothing of what came while the help stood in front of it', async () => {
    const { shown, put, screen, shows } = open(asking());
    await shows('web1');
    screen.press('?');
    await shows('THIS ROW');
    put(asking(aPermission()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shown()).toBeUndefined();
    screen.press(KEYS.esc);
    await shows('wants to run  npm test');
    expect(shown()?.pending.request.id).toBe('per_1');
  });
});
