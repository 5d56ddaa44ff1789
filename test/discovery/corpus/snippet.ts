import { userInfo } from 'node:os';
import type { SshOptions } from '../../../src/domain/host.ts';

/** An ssh config, and what is to be found in it. `ROOT` in its texts is the folder that is `$HOME` in the test. */
export interface Snippet {
  readonly name: string;
  readonly config: string;
  /** Files below `ROOT/.ssh`, by path; a path belongs to one snippet. */
  readonly files?: Readonly<Record<string, string>>;
  /** What walkSshConfig must list. */
  readonly aliases: readonly string[];
  /** Names to resolve besides. */
  readonly also?: readonly string[];
  /** Some options by name, written by hand. */
  readonly options?: Readonly<Record<string, Partial<SshOptions>>>;
  /** True when ssh gives up on it. */
  readonly refused?: true;
  readonly volatile?: true;
  /** What the warnings must mention. */
  readonly warning?: string;
}

/** Where ssh takes `~` to be, whatever `$HOME` says. */
export const PASSWD_HOME = userInfo().homedir;
