import { execFileSync } from 'node:child_process';

/** True if a program is in PATH. For tests that compare with one if it is installed. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
