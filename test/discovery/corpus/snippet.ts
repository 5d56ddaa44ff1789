import { userInfo } from 'node:os';
import type { SshOptions } from '../../../src/domain/host.ts';

/** An ssh config, and the expected findings. `ROOT` in its texts is the folder that is `$HOME` in the test. */
export interface Snippet {
  readonly name: string;
  readonly config: string;
  /** Files below `ROOT/.ssh`, by path; a path belongs to one snippet. */
  readonly files?: Readonly<Record<string, string>>;
  /** The aliases that walkSshConfig must list. */
  readonly aliases: readonly string[];
  /** Names to resolve besides. */
  readonly also?: readonly string[];
  /** Some options by name, written by hand. */
  readonly options?: Readonly<Record<string, Partial<SshOptions>>>;
  /** True when ssh gives up on it. */
  readonly refused?: true;
  readonly volatile?: true;
  /** The text that the warnings must mention. */
  readonly warning?: string;
}

/** Where ssh takes `~` to be, whatever `$HOME` says. */
export const PASSWD_HOME = userInfo().homedir;
