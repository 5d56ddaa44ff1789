import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { quoteArgument } from '../../src/lib/shell-quote.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { makeTempDir } from './temp-dir.ts';

/** Listens as `opencode serve --hostname 127.0.0.1 --port 0` does, tells its health, and leaves a line in the file `starts`. */
export const LISTENS = `
require('node:fs').appendFileSync('starts', process.argv.slice(2).join(' ') + '\\n');
require('node:http')
  .createServer((_request, response) => response.setHeader('content-type', 'application/json').end('{"healthy":true,"version":"1.18.33"}'))
  .listen(0, '127.0.0.1');
`;
/** Runs, and says so, but never listens. */
export const LISTENS_NOT = "console.error('thinking about it'); setInterval(() => {}, 1000);";
/** As LISTENS, but will not be told to end. */
export const ENDS_NOT = `${LISTENS}process.on('SIGTERM', () => {});`;

/**
 * A home folder with a program called `opencode`: a copy of Node, so that the kernel shows it as such. What it does when it is called with `serve` is
 * JavaScript of the test's.
 */
export class FakeOpencode {
  readonly home: string;
  readonly program: string;
  readonly stateFolder: string;

  private constructor(home: string) {
    this.home = home;
    this.program = join(home, 'bin', 'opencode');
    this.stateFolder = join(home, '.local', 'state', 'opencode-remote');
  }

  static async create(serve: string, name?: string): Promise<FakeOpencode> {
    const made = new FakeOpencode(await makeTempDir(name));
    await mkdir(join(made.home, 'bin'));
    await copyFile(process.execPath, made.program, constants.COPYFILE_FICLONE);
    await made.install(serve);
    return made;
  }

  /** Its behaviour from now on. Node gives its own main thread another name. */
  async install(serve: string): Promise<void> {
    await writeFile(join(this.home, 'serve'), `process.title = 'opencode';\n${serve}`);
  }

  /** How often LISTENS was started. */
  async starts(): Promise<number> {
    return (await readFile(join(this.home, 'starts'), 'utf8').catch(() => '')).split('\n').length - 1;
  }

  /** Returns ocr's own server as its file names it, if it still runs. */
  async ownServer(): Promise<{ readonly pid: number; readonly port: number } | null> {
    const text = await readFile(join(this.stateFolder, 'server.json'), 'utf8').catch(() => null);
    if (text === null) return null;
    const server = z.object({ pid: z.number(), port: z.number() }).parse(JSON.parse(text));
    return (await isRunning(server.pid)) ? server : null;
  }

  /** This machine, as one whose home that is. */
  host(environment = ''): Pick<Transport, 'shell' | 'forward' | 'note'> {
    return hostAt(this.home, environment);
  }
}

/** This machine with another home folder and no login shell. */
export function hostAt(home: string, environment = ''): Pick<Transport, 'shell' | 'forward' | 'note'> {
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  return {
    note: (text) => transport.note(text),
    forward: (target, signal) => transport.forward(target, signal),
    shell: async (signal) => {
      const shell = await transport.shell(signal);
      const setUp = `HOME=${quoteArgument(home)}; export HOME; SHELL=; unset XDG_STATE_HOME; ${environment}`;
      await shell.run(setUp, { signal, idleTimeout: 10_000, maxBytes: 1000 });
      return shell;
    },
  };
}

/** True if the process exists and has not ended. */
export async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text !== '' && !text.includes(') Z');
}
