import { beforeEach, describe, expect, it } from 'vitest';
import { DialogDesk } from '../../src/actions/fleet/dialog-desk.ts';
import { QuestionDesk } from '../../src/actions/question-desk.ts';
import { quitFrom } from '../../src/commands/dashboard-quit.ts';
import { modeOf } from '../../src/components/keys/dispatch.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import { SETTINGS } from '../support/builders.ts';

describe('quitting', () => {
  let store: OcrStore;
  let dialogs: DialogDesk;
  let desk: QuestionDesk;
  let left: number;

  beforeEach(() => {
    store = createOcrStore(new FleetStore(SETTINGS), SETTINGS, false);
    dialogs = new DialogDesk(store);
    desk = new QuestionDesk(store);
    left = 0;
  });

  const leave = () => {
    left += 1;
  };
  const quitWith = (running: number) => quitFrom({ store, dialogs, desk, running: () => running, leave });
  const press = (key: string) => dialogs.press(key, () => ({ count: 0, height: 10 }));

  it('asks nothing when no program is attached', async () => {
    await quitWith(0)();
    expect([left, store.getState().modal]).toEqual([1, null]);
  });

  it('asks where programs would end, and stays or leaves', async () => {
    const quit = quitWith(2);
    for (const [key, expected] of [
      ['esc', 0],
      ['y', 1],
    ] as const) {
      const done = quit();
      expect(store.getState().modal).toMatchObject({
        confirm: { title: expect.stringMatching(/Quit ocr\? 2 programs/) },
      });
      press(key);
      await done;
      expect([left, store.getState().modal]).toEqual([expected, null]);
    }
  });

  it('is asked over whatever is shown, and once', async () => {
    store.setState({ help: { query: '', selected: 0, isBinding: false }, errorShown: true });
    desk.begin({ alias: 'web1', label: 'web1' }, []);
    const quit = quitWith(1);
    const done = quit();
    expect(modeOf(store.getState())).toBe('dialog');
    store.setState({ help: { query: '', selected: 0, isBinding: false } });
    await quit();
    expect(modeOf(store.getState())).toBe('dialog');
    press('esc');
    await done;
    expect([left, modeOf(store.getState())]).toEqual([0, 'list']);
  });
});
