import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Closers } from '../../src/lib/closers.ts';
import { findCacheDirectory } from '../fleet/cache.ts';
import { formatHomeEnvironment, writeOpencodeConfig } from '../fleet/home.ts';
import { createMachine } from '../fleet/machine.ts';
import { installOpencode } from '../fleet/opencode-install.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { createRunDirectory, removeRunDirectory } from '../fleet/run-directory.ts';
import { startServices } from '../fleet/start-services.ts';
import { type Outcome, program } from './fleet-program.ts';

/** Enough for the slowest command line of a document: a turn, a busy machine included. */
const SCRIPT_TIMEOUT_MS = 120_000;

export interface ScriptRun {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** A user with scripts, and a real opencode server with a model that does as it is told. The user's home is not the server's. */
export interface ScriptLab {
  readonly server: OpencodeServer;
  /** The user's home. Its `bin` comes first in PATH and holds `ocr`, `opencode` and `node`. */
  readonly home: string;
  /** The server's folder of projects, with the project `shop`. */
  readonly projects: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs a program of PATH to its end. */
  run(command: readonly [string, ...string[]], options?: ScriptRun): Promise<Outcome>;
  close(): Promise<void>;
}

/** Starts the server, 600 MB. The user's configuration knows it as the instance `dev`, and no other host. */
export async function startScriptLab(): Promise<ScriptLab> {
  const opencode = await installOpencode(findCacheDirectory(), () => {});
  const closers = new Closers();
  const directory = await createRunDirectory();
  closers.add(() => removeRunDirectory(directory));
  try {
    const services = await startServices({ silent: [], delays: [] }, directory);
    closers.add(() => services.close());
    const machine = await createMachine('dev', directory);
    closers.add(() => machine.close());
    const [owner, home] = [join(directory, 'owner'), join(directory, 'home')];
    const projects = join(owner, 'projects');
    await Promise.all([
      mkdir(join(projects, 'shop'), { recursive: true }),
      mkdir(join(home, 'bin'), { recursive: true }),
    ]);
    await writeOpencodeConfig(owner, services.stubPort);
    const server = await startOpencodeServer({
      machine,
      binary: opencode,
      environment: formatHomeEnvironment(owner, '/usr/bin:/bin', directory),
      cwd: projects,
      log: join(owner, '.serve.log'),
    });
    const environment = await makeUser(home, opencode, { url: server.url, projects_path: projects });
    const run: ScriptLab['run'] = (command, options) => runScript(command, { cwd: home, environment, ...options });
    return { server, home, projects, environment, run, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Makes the user's home, and returns the environment of the user's shell. */
async function makeUser(home: string, opencode: string, instance: object): Promise<NodeJS.ProcessEnv> {
  await mkdir(join(home, '.opencode'));
  await Promise.all([
    symlink(program, join(home, 'bin', 'ocr')),
    symlink(process.execPath, join(home, 'bin', 'node')),
    symlink(opencode, join(home, 'bin', 'opencode')),
    writeFile(join(home, '.opencode', 'remote-tui.yaml'), 'hosts: {local: false}\n', { mode: 0o600 }),
    writeFile(join(home, 'instances.json'), JSON.stringify({ allowed_models: ['stub/echo'], dev: instance })),
  ]);
  return {
    HOME: home,
    PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_INSTANCES_CONFIG: join(home, 'instances.json'),
  };
}

async function runScript(
  [name, ...parameters]: readonly [string, ...string[]],
  { environment, cwd, stdin = '' }: ScriptRun,
): Promise<Outcome> {
  const child = spawn(name, parameters, { cwd, env: environment, timeout: SCRIPT_TIMEOUT_MS });
  child.stdin.on('error', () => {}).end(stdin);
  const ended = new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
