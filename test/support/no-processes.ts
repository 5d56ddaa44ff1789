import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Keeps the projects `pure` and `screen` quick and free of side effects: a test that starts a process or opens a socket fails. Such tests belong in a
 * file named `*.process.test.ts`.
 */
function forbid<Module extends object>(module: Module, names: readonly (keyof Module & string)[]): void {
  for (const name of names) {
    Object.defineProperty(module, name, {
      configurable: true,
      value: () => {
        throw new Error(`${name}() in a pure test: move it to a file named *.process.test.ts`);
      },
    });
  }
}

forbid(childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']);
forbid(net, ['connect', 'createConnection']);
forbid(net.Server.prototype, ['listen']);
syncBuiltinESMExports();
