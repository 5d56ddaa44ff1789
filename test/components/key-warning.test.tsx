import { describe, expect, it, vi } from 'vitest';
import { keyWarningOf, withKeyWarningSeen } from '../../src/store/key-warnings.ts';
import { anEntry, aSnapshot } from '../support/builders.ts';
import { openDashboard } from './open-dashboard.tsx';

const text = 'it showed ssh-ed25519 SHA256:new in the middle of a connection that began with ssh-ed25519 SHA256:old';
const warned = (at: number) =>
  anEntry({ snapshot: aSnapshot({ connection: { kind: 'ssh2', reason: null, notes: [], warning: { text, at } } }) });

describe('a warning about a host key', () => {
  it('stands in the row until e or a has shown it', async () => {
    const { screen, shows, store } = openDashboard([warned(5)], { columns: 120 });
    await shows('host key changed, e shows why');
    screen.press('e');
    await shows('SHA256:new');
    expect(store.getState().error?.lines.join('\n')).toContain('ssh-keygen -lf');
    screen.press('e');
    await vi.waitFor(() => expect(screen.text()).not.toContain('SHA256:new'));
    expect(screen.text()).not.toContain('e shows why');
  });

  it('comes again only when there is a new one', () => {
    const seen = withKeyWarningSeen(new Map(), warned(5));
    expect(keyWarningOf(warned(5), seen)).toBeNull();
    expect(keyWarningOf(warned(6), seen)?.at).toBe(6);
    expect(withKeyWarningSeen(seen, anEntry())).toBe(seen);
  });
});
