import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { AttachHands, TITLE } from '../support/attach-hands.ts';
import { popupOf } from '../support/popup.ts';

let lab: Lab<'left'>;
let hands: AttachHands;

beforeAll(async () => {
  lab = await startLab({ left: { opencode: true } });
  hands = new AttachHands('ocr-live-config', lab);
});
afterEach(() => hands?.dashboard.close());
afterAll(() => lab?.close());

const HOSTS = 'hosts: {local: false, include: [left]}\npolling: {interval: 1h, timeout: 60s}';
const OWN = `
display: {theme: mine}
commands:
  greet: {key: ctrl+g, label: Greet, scope: session, command: 'echo "greetings to" {title}', output: popup}
filters:
  rates: {filter: exchange, key: w}
keybindings: {view_log: L}
`;

it('a theme, a command, a filter and a key of the user take effect as they are saved, and a broken file changes nothing', async () => {
  const { dashboard, terminal } = hands;
  const config = join(lab.directory, 'config.yaml');
  const themes = join(lab.environment.HOME ?? '', '.opencode/themes');
  await hands.open('', 200, 40);
  await terminal.keys('L');
  expect((await terminal.screen()).join('\n')).not.toContain('»');

  await mkdir(themes, { recursive: true });
  await writeFile(join(themes, 'mine.yaml'), 'extends: nightops\nglyphs: {cursor: "»"}\n');
  await writeFile(config, `${HOSTS}\n${OWN}`);
  await dashboard.waitFor('Configuration reloaded');
  await dashboard.waitFor(/^»/);

  // A theme's own file is followed too.
  await writeFile(join(themes, 'mine.yaml'), 'extends: nightops\nglyphs: {cursor: "§"}\n');
  await dashboard.waitFor(/^§/);

  await hands.press('L', / \[6 Log\] /);
  await hands.press('1', / \[1 Fleet\] /);

  await terminal.keys("'", 'w');
  await dashboard.waitFor((lines) => /^ Fleet › exchange /.test(lines[1] ?? ''));
  await dashboard.waitFor((lines) => lines.some((line) => line.includes(TITLE)));
  for (let step = 0; step < 3 && !(await atSession()); step += 1) await terminal.keys('Down');
  await expect.poll(atSession).toBe(true);
  await hands.press('C-g', (lines) => popupOf(lines).some((line) => line.trim() === `greetings to ${TITLE}`));
  await hands.press('Escape', (lines) => popupOf(lines).length === 0);
  await hands.press('0', / \[1 Fleet\] /);

  await writeFile(config, `${HOSTS}\ndisplay: {theme: light, mouse: perhaps}\n`);
  await dashboard.waitFor(/config\.yaml:3:\d+: .*The old settings stay/);
  await dashboard.waitFor(/^§/);
  await hands.press('Escape', (lines) => !lines.join().includes('old settings'));
  await hands.press('L', / \[6 Log\] /);
  await writeFile(config, 'hosts: [\n');
  await dashboard.waitFor(/The old settings stay/);
  await hands.press('1', / \[1 Fleet\] /);
  await dashboard.waitFor(/^§/);

  // So do settings that are not part of the screen.
  await writeFile(config, `${HOSTS.replace('1h', '45s')}\nssh: {batch_mode: false}\n${OWN}`);
  await dashboard.waitFor('Configuration reloaded; ssh after a restart');
  await dashboard.waitFor(/↻4\ds/);
});

async function atSession(): Promise<boolean> {
  return (await hands.terminal.screen()).some((line) => line.startsWith('§') && line.includes(TITLE));
}
