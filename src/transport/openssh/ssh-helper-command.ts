import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../lib/package-root.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';

/** Returns the path of the helper: in the sources (Node runs them as they are) or built next to the program. */
function helperPath(): string {
  const self = fileURLToPath(import.meta.url);
  return self.endsWith('.ts') ? join(dirname(self), 'ssh-helper.ts') : join(packageRoot(), 'dist', 'ssh-helper.js');
}

function helperWords(mode: 'askpass' | 'bridge', socket: string): string {
  return [process.execPath, helperPath(), mode, socket].map(quoteArgument).join(' ');
}

/**
 * Returns a ProxyCommand that carries the bytes through the socket. Percent signs are doubled, since ssh_config(5)
 * reads tokens there.
 */
export function bridgeCommand(socket: string): string {
  return helperWords('bridge', socket).replaceAll('%', '%%');
}

/** SSH_ASKPASS is the path of one program, so this writes one that starts the helper. */
export async function writeAskpassProgram(path: string, socket: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\nexec ${helperWords('askpass', socket)} "$@"\n`, { mode: 0o700, flag: 'wx' });
  await chmod(path, 0o700);
}
