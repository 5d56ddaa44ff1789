import { appendFileSync, readFileSync } from 'node:fs';
import { readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetHost } from '../fleet/host.ts';

/** Writes down every program that is run on a host by its PATH, with its arguments. */
export class RunRecorder {
  readonly #file: string;
  #from = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Puts a note in front of every program of the host, and of the opencode in its home. */
  static async start({ home }: FleetHost): Promise<RunRecorder> {
    const folder = join(home, '..');
    const file = join(folder, 'runs');
    appendFileSync(file, '');
    const bin = join(folder, 'bin');
    for (const name of await readdir(bin)) await record(join(bin, name), name, file);
    const inHome = join(home, '.opencode/bin/opencode');
    if ((await readlink(inHome).catch(() => null)) !== null) await record(inHome, 'opencode', file);
    return new RunRecorder(file);
  }

  /** Forgets what was run until now. */
  forget(): void {
    this.#from = readFileSync(this.#file, 'utf8').length;
  }

  /** Names of the programs that were run, each with its arguments, such as `stat -c %i`. */
  runs(): string[] {
    const text = readFileSync(this.#file, 'utf8').slice(this.#from);
    return text
      .split('\u0001')
      .map((run) => run.trim())
      .filter(Boolean);
  }

  /** Names alone, each once. */
  programs(): string[] {
    return [...new Set(this.runs().map((run) => run.split(' ')[0] ?? ''))].sort();
  }
}

async function record(path: string, name: string, file: string): Promise<void> {
  const target = await readlink(path).catch(() => null);
  if (target === null) return;
  const script = `#!/bin/sh\nprintf '\\001%s\\n' '${name}'" $*" >>'${file}'\nexec '${target}' "$@"\n`;
  await writeFile(`${path}.new`, script, { mode: 0o755 });
  await rm(path);
  await rename(`${path}.new`, path);
}
