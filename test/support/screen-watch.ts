import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveDashboard } from './live-dashboard.ts';

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 100;

/** All the screens that were seen while something went on. */
export class ScreenWatch {
  readonly screens: (readonly string[])[] = [];

  static async during(dashboard: LiveDashboard, act: () => Promise<void>): Promise<ScreenWatch> {
    const watch = new ScreenWatch();
    let ended = false;
    const acting = act().finally(() => {
      ended = true;
    });
    do {
      watch.screens.push(await dashboard.terminal.screen());
      await sleep(LOOK_INTERVAL);
    } while (!ended);
    await acting;
    return watch;
  }
}
