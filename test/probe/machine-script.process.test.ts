import { execFileSync } from 'node:child_process';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MACHINE_FUNCTIONS } from '../../src/probe/machine-script.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { REPORT_FUNCTIONS } from '../../src/probe/survey-script.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const SHELLS = ['dash', 'bash', 'busybox', 'ksh', 'mksh', 'yash', 'zsh'].filter(isInstalled);
const OPTIONS = new Map([
  ['busybox', ['ash']],
  ['zsh', ['--emulate', 'sh']],
]);

/** Asks for load and memory with only the programs of that folder. */
function ask(sources: 'proc' | 'ps', path: string, shell = '/bin/sh') {
  const script = `ocr_sources=${sources}\n${REPORT_FUNCTIONS}\n${MACHINE_FUNCTIONS}\nocr_tell_machine`;
  const words = [...(OPTIONS.get(shell) ?? []), '-c', script];
  const program = shell.startsWith('/') ? shell : `/usr/bin/${shell}`;
  return parseSurveyReport(
    execFileSync(program, words, { env: { PATH: path }, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }),
  ).machine;
}

async function programs(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await makeTempDir();
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

describe('the question for load and memory', () => {
  it.each(SHELLS)('is answered by %s from /proc without a process', async (shell) => {
    // Some builds of mksh have no printf of their own.
    const folder = await makeTempDir();
    await symlink('/usr/bin/printf', join(folder, 'printf'));
    const machine = ask('proc', folder, shell);
    const total = /MemTotal: +(\d+)/.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
    expect(machine?.memoryTotal).toBe(Number(total) * 1024);
    expect(machine?.memoryUsed).toBeGreaterThan(0);
    expect(machine?.load).toBeGreaterThanOrEqual(0);
    expect(machine?.cpus).toBeGreaterThanOrEqual(Math.min(1, availableParallelism()));
  });

  it('is answered by sysctl and vm_stat where there is no /proc', async () => {
    const folder = await programs({
      sysctl: `echo 'vm.loadavg: { 1.83 2.01 2.20 }'; echo 'hw.ncpu: 10'; echo 'hw.memsize: 17179869184'; exit 1`,
      vm_stat: `echo 'Mach Virtual Memory Statistics: (page size of 16384 bytes)'
echo 'Pages wired down:                 80000.'; echo 'Anonymous pages:                 250000.'`,
    });
    expect(ask('ps', folder)).toEqual({
      ...{ load: 1.83, cpus: 10, memoryTotal: 17_179_869_184, memoryUsed: 330_000 * 16_384 },
    });
  });

  it('stays unanswered where there are no such programs', async () => {
    expect(ask('ps', await programs({}))).toBeNull();
  });
});
