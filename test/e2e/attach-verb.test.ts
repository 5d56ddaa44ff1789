import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { program, programPath, runProgram } from '../support/fleet-program.ts';
import { Terminal } from '../support/terminal.ts';

let fleet: Fleet;
let terminal: Terminal;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'], live: true });
  terminal = new Terminal('ocr-attach-verb', { ...fleet.environment, PATH: programPath() });
});
afterAll(async () => {
  await terminal?.close();
  await fleet?.close();
});

describe('ocr attach', () => {
  it('opens a session from any shell, and gives the terminal back on ctrl+]', async () => {
    const options = ['--ssh-config', fleet.sshConfig, 'attach', 'Approve the deployment script'];
    await terminal.start(`${program} ${options.slice(0, 3).join(' ')} '${options[3]}'; echo "ended: $?"`, 100, 30);
    await terminal.waitFor(/ctrl\+p commands/);
    await terminal.keys('C-]');
    await terminal.waitFor(/ended: 0/);
    await terminal.run('stty -a | tr " " "\\n" | grep -x echo && echo "typed is seen"');
    await terminal.waitFor(/^typed is seen$/);
  });

  it('needs a terminal', async () => {
    const words = ['--ssh-config', fleet.sshConfig, 'attach', 'Approve the deployment script'];
    const { code, stderr } = await runProgram(words, fleet.environment);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'ocr: attach needs a terminal\n' });
  });
});
