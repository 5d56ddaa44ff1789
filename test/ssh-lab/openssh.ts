import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** How the system's ssh ended. */
export type SshResult = {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Its questions, in order. */
  readonly prompts: readonly string[];
};

export type SshOptions = {
  /** Put before the alias. */
  readonly options?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The first whose pattern the prompt holds is given; a prompt that nothing answers gets an empty line. */
  readonly answers?: readonly (readonly [pattern: string, answer: string])[];
  /** ms, 20 s when left out */
  readonly timeout?: number;
};

/** Answers are passed by the environment, so that nothing in them has a meaning to the shell. */
const askpass = `#!/bin/sh
printf '%s\\n' "$1" >>"$LAB_PROMPTS"
number=0
while [ "$number" -lt "$LAB_ANSWERS" ]; do
  eval "pattern=\\$LAB_PATTERN_$number answer=\\$LAB_ANSWER_$number"
  case $1 in *"$pattern"*) printf '%s\\n' "$answer"; exit ;; esac
  number=$((number + 1))
done
echo
`;

/** Runs the system's ssh as a user of the lab would, with their answers to its prompts: what OpenSSH does is the measure. */
export async function runSsh(
  lab: Lab,
  alias: string,
  command: string,
  { options = [], environment = {}, answers = [], timeout = 20_000 }: SshOptions = {},
): Promise<SshResult> {
  const folder = await mkdtemp(join(lab.directory, 'ssh-'));
  const prompts = join(folder, 'prompts');
  await writeFile(join(folder, 'askpass'), askpass, { mode: 0o700 });
  const numbered = answers.flatMap(([pattern, answer], index) => [
    [`LAB_PATTERN_${index}`, pattern],
    [`LAB_ANSWER_${index}`, answer],
  ]);
  const asking = { SSH_ASKPASS: join(folder, 'askpass'), SSH_ASKPASS_REQUIRE: 'force', LAB_PROMPTS: prompts };
  // Processes that ssh leaves running, such as the master of a shared connection, end with the lab.
  const marker = { OCR_FLEET: lab.directory };
  const child = spawn('ssh', ['-F', lab.sshConfig, ...options, alias, '--', command], {
    env: {
      ...{ ...lab.environment, ...environment, ...marker, ...asking, LAB_ANSWERS: String(answers.length) },
      ...Object.fromEntries(numbered),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(timeout),
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {});
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const asked = (await readFile(prompts, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  await rm(folder, { recursive: true });
  return { code, ...output, prompts: asked };
}
