import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isIsolated } from '../fleet/machine.ts';

/** The lab's features on this system. As root on Linux all of them, if the packages of the tests are installed. */
export type LabCapabilities = {
  /** Accounts with a password of the lab's own. */
  readonly passwords: boolean;
  /** Prompts for a verification code. */
  readonly codes: boolean;
  /** Login shells other than this account's. */
  readonly shells: boolean;
  /** Hosts that only another host reaches. */
  readonly behind: boolean;
};

/** For `it.skipIf`; a running lab has the same as `lab.can`. */
export function findLabCapabilities(): LabCapabilities {
  const root = process.getuid?.() === 0 && isIsolated();
  return { passwords: root, codes: root && hasCodeModule(), shells: root, behind: root };
}

/** True if `pam_google_authenticator` is where PAM looks for its modules. */
export function hasCodeModule(): boolean {
  const libraries = ['/lib', '/usr/lib', '/lib64', '/usr/lib64'];
  const folders = libraries.flatMap((library) => [
    library,
    ...listFolders(library).filter((path) => /-linux-/.test(path)),
  ]);
  return folders.some((folder) => list(join(folder, 'security')).includes('pam_google_authenticator.so'));
}

function listFolders(folder: string): string[] {
  return list(folder).map((name) => join(folder, name));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
