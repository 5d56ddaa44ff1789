import { execFileSync } from 'node:child_process';

/** Is a program in PATH? For tests that compare with one where there is one. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
