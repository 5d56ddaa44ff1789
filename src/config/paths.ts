import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Returns the path of the configuration unless `--config` names another file. */
export function defaultConfigPath(): string {
  return join(homedir(), '.opencode', 'remote-tui.yaml');
}

/** Returns the folder of the user's own themes. */
export function userThemeFolder(): string {
  return join(homedir(), '.opencode', 'themes');
}

/** Returns the folder for disposable files: snapshots and resolved ssh options. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocr');
}

/** Returns the folder for the user's lasting state: seen sessions, and exports of deleted ones. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'ocr');
}

/** Bytes: a socket's path on macOS (Linux: 107), less a name of 16, a slash, and the 17 that ssh appends while it creates the socket. */
const MAX_CONTROL_FOLDER_BYTES = 103 - 16 - 1 - 17;

/**
 * Returns the folder for the sockets of ssh masters: the first whose path leaves room for a socket. Another user may have created the one in /tmp, so
 * a socket in it counts only if the folder belongs to this user (`findControlMaster`).
 */
export function controlDirectory(environment: NodeJS.ProcessEnv): string {
  const runtime = environment.XDG_RUNTIME_DIR;
  const folders = [...(runtime ? [join(runtime, 'ocr')] : []), join(cacheDirectory(environment), 'control')];
  const short = folders.find((folder) => Buffer.byteLength(folder) <= MAX_CONTROL_FOLDER_BYTES);
  return short ?? `/tmp/ocr-${userInfo().uid}`;
}

/** Returns the path of the user's ssh config. Like ssh itself, uses the passwd entry instead of $HOME. */
export function defaultSshConfigPath(): string {
  return join(userInfo().homedir, '.ssh', 'config');
}
