import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** A dashboard that crashes in a timer, as main.ts and dashboard.ts run it. */
const CRASHING = `
const source = (path) => import(${JSON.stringify(packageRoot())} + '/src/' + path);
const { DashboardTerminal } = await source('commands/dashboard-terminal.ts');
const { reportCrash } = await source('commands/report-crash.ts');
const { recentActions } = await source('lib/recent-actions.ts');
const terminal = new DashboardTerminal({ stdin: process.stdin, stdout: process.stdout });
terminal.open();
terminal.output.open({ mouse: true });
recentActions.add('kill_session');
setTimeout(() => { throw new Error('boom at ada@prod-api'); }, 1);
await terminal.over.catch((error) => reportCrash(error, '1.2.3'));
terminal.close();
`;

it('an uncaught error gives the terminal back, and says where its report is', async () => {
  const home = await makeTempDir();
  const program = join(home, 'crashing.mjs');
  await writeFile(program, CRASHING);
  const pty = spawn('script', ['-qfec', `${process.execPath} --no-warnings ${program}`, '/dev/null'], {
    env: { ...process.env, HOME: home, XDG_STATE_HOME: '', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  pty.stdout.on('data', (text) => {
    output += String(text);
  });
  await once(pty, 'close');
  const folder = join(home, '.local', 'state', 'ocr', 'crashes');
  const [name = ''] = await readdir(folder);
  const [, said = ''] = output.split('\u001b[?1049l');
  expect(said).toContain(`ocr: this is a bug: boom at ada@prod-api; the report is in ${join(folder, name)}`);
  expect(output.lastIndexOf('\u001b[?1002l')).toBeGreaterThan(output.lastIndexOf('\u001b[?1002h'));
  const report = await readFile(join(folder, name), 'utf8');
  expect(report).toContain('ocr 1.2.3 crashed');
  expect(report).toMatch(/Error: boom at …@…\n {4}at .*~\/crashing\.mjs/);
  expect(report).toContain('kill_session');
});
