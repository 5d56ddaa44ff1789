import { expect } from 'vitest';
import type { Lab } from '../ssh-lab/lab.ts';
import { isDashboard, LabDashboard } from './lab-dashboard.ts';
import type { Sought, Terminal } from './terminal.ts';

/** A session of every host of the lab that has opencode, and what is on its screen once it is open. */
export const TITLE = 'Cache the exchange rates';
export const SAID = 'You said: cache them for an hour';

/** ms until a key is pressed again that was dropped, as those are that come right after the screen has changed hands. */
const PRESSING = 700;

/** Opens, leaves and finds sessions in a dashboard as a user does. */
export class AttachHands {
  readonly dashboard: LabDashboard;

  constructor(name: string, lab: Lab) {
    this.dashboard = new LabDashboard(name, lab);
  }

  get terminal(): Terminal {
    return this.dashboard.terminal;
  }

  async open(yaml: string, columns = 120, rows = 40): Promise<void> {
    await this.openIn('sh', yaml, columns, rows);
  }

  /** Opens the dashboard as a job of a shell, or with `exec` in its place. */
  async openIn(shell: string, yaml: string, columns: number, rows: number, before = ''): Promise<void> {
    await this.dashboard.open({
      ...{ include: ['left'], columns, rows, shell, before },
      yaml: `polling: {interval: 1h, timeout: 60s}\n${yaml}`,
    });
    await this.dashboard.waitUntilOnline('left');
  }

  /** Selects the session that a search finds. */
  async find(title: string): Promise<void> {
    await this.press('/', (lines) => /^ \/ .*_/.test(lines[1] ?? ''));
    await this.terminal.type(title);
    await this.dashboard.waitFor((lines) => lines.some((line) => line.includes(title) && !line.startsWith(' / ')));
    await this.dashboard.keys('Enter');
    await this.dashboard.waitFor(
      (lines) => /^ \S+ › /.test(lines[1] ?? '') && lines.some((line) => line.startsWith('▌') && line.includes(title)),
    );
  }

  /** Enters the selected session. */
  async enter(): Promise<void> {
    await this.press('Enter', (lines) => !isDashboard(lines));
  }

  async detach(title: string): Promise<void> {
    await this.dashboard.keys('C-]');
    await this.dashboard.waitFor((lines) => isDashboard(lines) && lines.join().includes(`"${title}" keeps running`));
  }

  /** Presses a key until that is seen. */
  async press(key: string, seen: Sought): Promise<void> {
    const press = async () => {
      await this.dashboard.keys(key);
      return this.terminal.waitFor(seen, PRESSING).then(Boolean, () => false);
    };
    await expect
      .poll(press, { timeout: 15_000 })
      .toBe(true)
      .catch(async (cause: unknown) => {
        throw new Error(`${key} leads elsewhere:\n${(await this.terminal.screen()).join('\n')}`, { cause });
      });
  }
}
