import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { type Outcome, runProgram } from '../support/fleet-program.ts';

export const PASSWORD = 'open sesame';

/** A host of the fleet with a server that anyone may ask and one with a password, and `ocr` to drive them. */
export interface VerbFleet {
  readonly fleet: Fleet;
  readonly plain: OpencodeServer;
  readonly guarded: OpencodeServer;
  /** Two projects on the host. */
  readonly projects: readonly [string, string];
  /** Runs `ocr` with more variables in its environment. */
  run(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Outcome>;
  /** Runs `ocr … --json` and returns what it printed. Throws unless it exits with 0. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for, and checks it.
  json(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<any>;
  /** Ids of all sessions that the plain server lists in a folder. */
  sessionIds(directory: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts them; the servers are of the same home. */
export async function startVerbFleet(): Promise<VerbFleet> {
  const fleet = await startFleet({ hosts: ['alpha'] });
  const { machine, home, environment } = fleet.host('alpha');
  if (machine === null) throw new Error('alpha has no machine');
  const start = (password: object, log: string) =>
    startOpencodeServer({
      ...{ machine, binary: fleet.opencode, cwd: home, log: join(home, log) },
      environment: { ...environment, ...password },
    });
  const plain = await start({}, '.plain.log');
  const guarded = await start({ OPENCODE_SERVER_PASSWORD: PASSWORD }, '.guarded.log');
  const projects = [join(home, 'verbs/one'), join(home, 'verbs/two')] as const;
  for (const project of projects) await mkdir(project, { recursive: true });
  await writeFile(join(fleet.operatorHome, 'no-hosts'), '');
  const run: VerbFleet['run'] = (words, more = {}) => runProgram(words, { ...fleet.environment, ...more });
  return {
    ...{ fleet, plain, guarded, projects, run },
    async json(words, more) {
      const { code, stdout, stderr } = await run([...words, '--json'], more);
      if (code !== 0) throw new Error(`ocr ${words.join(' ')}: ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    async sessionIds(directory) {
      const listed = (await plain.request('GET', '/session', directory)) as { readonly id: string }[];
      return listed.map(({ id }) => id).sort();
    },
    close: () => fleet.close(),
  };
}
