import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { AttachHands, SAID, TITLE } from '../support/attach-hands.ts';
import { isDashboard } from '../support/lab-dashboard.ts';
import { findPidsOf } from '../support/traces.ts';

let lab: Lab<'left'>;
let hands: AttachHands;

beforeAll(async () => {
  lab = await startLab({ left: { opencode: true } });
  hands = new AttachHands('ocr-suspend', lab);
});
afterEach(() => hands?.dashboard.close());
afterAll(() => lab?.close());

const ONCE = 'sessions: {attach: direct}';

/** True for the shell's screen after a job of it was stopped. */
function isStopped(lines: readonly string[]): boolean {
  return lines.some((line) => /Stopped|suspended/.test(line)) && lines.includes('ready>');
}

/** Number of the dashboard's own process. */
async function dashboardPid(): Promise<number> {
  const pids = await hands.terminal.processes();
  const found = pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('ocr.js'));
  expect(found.length).toBeGreaterThan(0);
  return found.at(-1) ?? 0;
}

async function expectShellTerminal(): Promise<void> {
  expect(await hands.terminal.variable('alternate_on')).toBe('0');
  expect(await hands.terminal.variable('cursor_flag')).toBe('1');
  await hands.terminal.run('echo typed | cat; stty -a | tr " ;" "\\n\\n" | grep -cx icanon');
  await hands.dashboard.waitFor((lines) => lines.includes('typed') && lines.includes('1'));
}

async function expectDashboard(rows: number): Promise<void> {
  await hands.dashboard.waitFor((lines) => isDashboard(lines) && lines.length === rows);
  expect(await hands.terminal.variable('alternate_on')).toBe('1');
  expect(await hands.terminal.variable('cursor_flag')).toBe('0');
  const hasCursor = (lines: readonly string[]) => lines.some((line) => line.startsWith('▌'));
  await hands.press('?', (lines) => isDashboard(lines) && !hasCursor(lines));
  await hands.press('Escape', (lines) => isDashboard(lines) && hasCursor(lines));
}

describe.each(['bash', 'zsh', 'dash'])('the dashboard below %s', (shell) => {
  it('is suspended by Ctrl-Z and by SIGTSTP, and fg brings all of it back at the size of then', async () => {
    await hands.openIn(shell, ONCE, 80, 24);
    await hands.dashboard.keys('C-z');
    await hands.dashboard.waitFor(isStopped);
    await expectShellTerminal();
    await hands.terminal.resize(100, 30);
    await hands.terminal.run('clear; fg');
    await expectDashboard(30);

    execFileSync('kill', ['-TSTP', String(await dashboardPid())]);
    await hands.dashboard.waitFor(isStopped);
    await expectShellTerminal();
    await hands.terminal.run('clear; fg');
    await expectDashboard(30);
    await hands.dashboard.keys('q');
    await hands.dashboard.waitFor((lines) => lines.at(-1) === 'ready>' || lines.includes('ready>'));
  });
});

describe('the dashboard', () => {
  it('is repainted after SIGSTOP, which gives no warning', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    execFileSync('kill', ['-STOP', String(await dashboardPid())]);
    await hands.dashboard.waitFor((lines) => lines.some((line) => /Stopped/.test(line)));
    await hands.terminal.run('stty sane; clear; fg');
    await expectDashboard(24);
  });

  it('ends when it is ended while it is suspended, and leaves the terminal to the shell', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    const pid = await dashboardPid();
    await hands.dashboard.keys('C-z');
    await hands.dashboard.waitFor(isStopped);
    await hands.terminal.run('kill %1');
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false);
    await expectShellTerminal();
  });

  it('is suspended while text is typed, and the text is there afterwards', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    await hands.press('/', (lines) => /^ \/ .*_/.test(lines[1] ?? ''));
    await hands.terminal.type('exchange');
    await hands.dashboard.waitFor(/^ \/ exchange_/);
    await hands.dashboard.keys('C-z');
    await hands.dashboard.waitFor(isStopped);
    await hands.terminal.run('fg');
    await hands.dashboard.waitFor(/^ \/ exchange_/);
    await hands.terminal.type(' rates');
    await hands.dashboard.waitFor(/^ \/ exchange rates_/);
  });

  it('takes nothing that the terminal sends by itself for keys', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    const answers = [
      '\u001b]lquit q d y\u001b\\',
      '\u001bP>|quit(370)\u001b\\',
      '\u001b]11;rgb:dd/qq/qq\u0007',
      '\u001b[?62;22c',
    ];
    for (const answer of answers) {
      await hands.terminal.type(answer.slice(0, 5));
      await hands.terminal.type(answer.slice(5));
    }
    // It never ends.
    await hands.terminal.type('\u001bP>|q');
    await expectDashboard(24);
  });

  it('says that there is no shell to suspend to, where it leads its own session', async () => {
    await hands.openIn('bash', ONCE, 80, 24, 'exec');
    await hands.dashboard.keys('C-z');
    await hands.dashboard.waitFor('There is no shell to suspend to');
    await expectDashboard(24);
  });
});

describe('a terminal that others use too', () => {
  it('is painted again by ctrl+l after something was written to it', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    const isSpoilt = (lines: readonly string[]) => lines.some((line) => line.includes('Broadcast message'));
    writeFileSync(await hands.terminal.variable('pane_tty'), '\u001b[24;1H\r\nBroadcast message\r\n');
    await hands.dashboard.waitFor(isSpoilt);
    await hands.dashboard.keys('C-l');
    await hands.dashboard.waitFor((lines) => isDashboard(lines) && !isSpoilt(lines));
    await expectDashboard(24);
  });

  it.each(['QUIT', 'USR2', 'TERM'])('is given back when the dashboard is ended by SIG%s', async (signal) => {
    await hands.openIn('bash', ONCE, 80, 24);
    const pid = await dashboardPid();
    execFileSync('kill', [`-${signal}`, String(pid)]);
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false);
    await expectShellTerminal();
  });
});

describe('an attached session', () => {
  it('goes on after Ctrl-Z and after it was stopped from outside', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    await hands.find(TITLE);
    await hands.enter();
    await hands.dashboard.waitFor(SAID);
    await hands.dashboard.keys('C-z');
    // Keys typed during the suspend are lost.
    await hands.press('1', /^ +┃ +1/m);
    await hands.dashboard.waitFor(SAID);
    expect(await hands.terminal.variable('alternate_on')).toBe('1');

    const [opencode = 0] = findPidsOf(lab.host('left').home, 'opencode');
    process.kill(opencode, 'SIGSTOP');
    await hands.terminal.type('two');
    await hands.dashboard.waitFor((lines) => lines.join().includes('1two'));

    process.kill(opencode, 'SIGSTOP');
    await hands.detach(TITLE);
    await hands.enter();
    await hands.terminal.type('three');
    await hands.dashboard.waitFor((lines) => lines.join().includes('1twothree'));
    await hands.detach(TITLE);
  });

  it('is there again after the dashboard was suspended by SIGTSTP', async () => {
    await hands.openIn('bash', ONCE, 80, 24);
    await hands.find(TITLE);
    await hands.enter();
    await hands.dashboard.waitFor(SAID);
    execFileSync('kill', ['-TSTP', String(await dashboardPid())]);
    await hands.dashboard.waitFor(isStopped);
    await expectShellTerminal();
    await hands.terminal.resize(100, 30);
    await hands.terminal.run('clear; fg');
    await hands.dashboard.waitFor((lines) => lines.length === 30 && lines.join().includes(SAID));
    await hands.detach(TITLE);
  });
});
