import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Fleet } from '../fleet/fleet.ts';
import type { HostAlias } from '../fleet/hosts.ts';

const run = promisify(execFile);

/** The built program, as npm links it. */
export const program = fileURLToPath(new URL('../../bin/ocr.js', import.meta.url));

/** How a run of the program ended. */
export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built program with the Node that runs the test, until it ends by itself. */
export async function runProgram(parameters: readonly string[], environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [program, ...parameters], { env: environment });
  child.stdin.end();
  const ended = new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Runs a script in the login shell of a host of the fleet, as a user would with ssh. Rejects when it fails. */
export async function runOnHost(fleet: Fleet, alias: HostAlias, script: string): Promise<string> {
  const { stdout } = await run('ssh', ['-F', fleet.sshConfig, '-o', 'BatchMode=yes', alias, script], {
    env: fleet.environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Writes a configuration of the program beside the fleet's own files and gives its path. */
export async function writeConfiguration(fleet: Fleet, name: string, yaml: string): Promise<string> {
  const path = join(fleet.directory, `${name}.yaml`);
  await writeFile(path, yaml);
  return path;
}

/** PATH of this process with the Node that runs the test, and so every script's `node`, first. */
export function programPath(): string {
  return `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
}
