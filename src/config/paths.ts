import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where the configuration is unless `--config` names another file. */
export function defaultConfigPath(): string {
  return join(homedir(), '.opencode', 'remote-tui.yaml');
}

/** The folder of what can be thrown away: snapshots and resolved ssh options. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocr');
}

/** The folder of what is kept for a person: what they have looked at, exports of what was deleted. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'ocr');
}

/** The folder of the sockets of ssh masters. Short, since the path of a socket may have some hundred bytes at most. */
export function controlDirectory(environment: NodeJS.ProcessEnv): string {
  const runtime = environment.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'ocr') : join(cacheDirectory(environment), 'control');
}

/** The person's ssh config. Like ssh itself, by the passwd entry and not by $HOME. */
export function defaultSshConfigPath(): string {
  return join(userInfo().homedir, '.ssh', 'config');
}
