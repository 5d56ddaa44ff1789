import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Paths of the files below a folder whose content holds one of the texts. Links are not followed. */
export function findFilesWith(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() && holdsOne(path, texts));
}

/** The `/proc` files of arguments and environments, of all processes of this machine, that hold one of the texts. */
export function findProcessesWith(texts: readonly string[]): string[] {
  return processNumbers()
    .flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
    .filter((path) => holdsOne(path, texts));
}

/** The command lines of the running processes of that program which have that home. */
export function findProcessesOf(home: string, program: string): string[] {
  return findPidsOf(home, program).map((pid) => wordsOf(pid).join(' ').trim());
}

/** Their numbers. */
export function findPidsOf(home: string, program: string): number[] {
  return processNumbers()
    .filter((pid) => readIfThere(`/proc/${pid}/environ`).toString().split('\0').includes(`HOME=${home}`))
    .map(Number)
    .filter((pid) => basename((wordsOf(pid)[0] ?? '').replace(/:.*/, '')) === program);
}

function wordsOf(pid: number): string[] {
  return readIfThere(`/proc/${pid}/cmdline`).toString().split('\0');
}

function processNumbers(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function holdsOne(path: string, texts: readonly string[]): boolean {
  const content = readIfThere(path);
  return texts.some((text) => content.includes(text));
}

/** Files and processes may be gone before they are read, and processes may belong to another user. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
