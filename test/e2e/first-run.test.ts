import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CleanHome } from '../support/clean-home.ts';
import { popupOf } from '../support/popup.ts';

let home: CleanHome;
let sshConfig: string;

beforeEach(async () => {
  home = await CleanHome.create('ocr-first-run');
  sshConfig = join(home.folder, 'ssh_config');
  await writeFile(sshConfig, '');
});
afterEach(() => home?.close());

it.each([
  [80, 24],
  [120, 40],
])('a first run without hosts says on %i by %i how to go on, and D starts the demo', async (columns, rows) => {
  const { terminal } = home;
  await home.start(`--ssh-config ${sshConfig}`, columns, rows);
  const lines = await terminal.waitFor((screen) => popupOf(screen)[0] === 'Welcome to ocr');
  const text = popupOf(lines).join('\n');
  expect(text).toContain('no hosts in ');
  expect(text).toMatch(/, then\s+press r/);
  expect(popupOf(lines).at(-1)).toMatch(/^r look again {2}E edit config {2}D demo {2}\? help {2}q quit$/);

  await writeFile(sshConfig, 'Host only\n  HostName 127.0.0.1\n  Port 1\n');
  await terminal.keys('r');
  await terminal.waitFor(
    (screen) => popupOf(screen).length === 0 && screen.some((line) => / only .* offline /.test(line)),
  );
  await writeFile(sshConfig, '');
  await terminal.keys('r');
  await terminal.waitFor((screen) => popupOf(screen)[0] === 'Welcome to ocr');

  await terminal.keys('D');
  await terminal.waitFor(/^ ocr +DEMO /);
  await terminal.waitFor(/ need you /);
  await terminal.keys('q');
  await terminal.waitFor((screen) => popupOf(screen)[0] === 'Welcome to ocr' || screen.includes('ready>'));
});
