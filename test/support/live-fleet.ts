import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { createMachine, type Machine } from '../fleet/machine.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { api } from '../fleet/seed-plan.ts';
import { runProgram, writeConfiguration } from './fleet-program.ts';
import { ServerWatch, waitUntil } from './server-watch.ts';

const created = z.object({ id: z.string() });
const listed = z.array(z.object({ id: z.string() }));
const messagesSchema = z.array(
  z.object({
    info: z.object({ role: z.string(), time: z.object({ completed: z.number().optional() }) }),
    parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  }),
);

/** The tested fields of a session of `ocr sessions --json`. */
const sessionSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  title: z.string(),
  project: z.string(),
  directory: z.string(),
  status: z.string(),
  live: z.boolean(),
  attention: z
    .strictObject({ kind: z.string(), since: z.iso.datetime(), requestId: z.string().nullable(), detail: z.string() })
    .nullable(),
});
const hostSchema = z.object({
  name: z.string(),
  status: z.string(),
  live: z.boolean(),
  servers: z.array(
    z.strictObject({
      pid: z.number(),
      port: z.number(),
      directory: z.string().nullable(),
      version: z.string().nullable(),
      own: z.boolean(),
      state: z.string().nullable(),
    }),
  ),
});
export type ListedSession = z.infer<typeof sessionSchema>;

/** A session of alpha. */
export interface MadeSession {
  readonly id: string;
  readonly directory: string;
  readonly title: string;
}

/** Alpha with a real `opencode serve`, which can be killed and started again, and a model that does as it is told. */
export class LiveFleet {
  readonly fleet: Fleet;
  /** Where the sessions work unless told otherwise. */
  readonly directory: string;
  readonly #machine: Machine;
  readonly #made = new Map<string, MadeSession>();
  #server: OpencodeServer;
  #watch: ServerWatch;

  private constructor(fleet: Fleet, machine: Machine, server: OpencodeServer, watch: ServerWatch) {
    this.fleet = fleet;
    this.directory = join(fleet.host('alpha').home, api);
    this.#machine = machine;
    this.#server = server;
    this.#watch = watch;
  }

  /** `hidden`: alpha does not see the process of the server, so that something else may stand for it there. */
  static async start({ hidden = false } = {}): Promise<LiveFleet> {
    const fleet = await startFleet({ hosts: ['alpha'] });
    try {
      const machine = hidden ? await createMachine('hidden', fleet.directory) : fleet.host('alpha').machine!;
      const server = await serve(fleet, machine);
      return new LiveFleet(fleet, machine, server, await ServerWatch.open(server.url));
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  get server(): OpencodeServer {
    return this.#server;
  }

  /** The server's events since its start, by a stream of the test's own. */
  get watch(): ServerWatch {
    return this.#watch;
  }

  async killServer(): Promise<void> {
    await this.#machine.signal(this.#server.pid, 'KILL');
    await this.#watch.close();
  }

  /** Starts another server, on a port of its own. */
  async startServer(): Promise<void> {
    this.#server = await serve(this.fleet, this.#machine);
    this.#watch = await ServerWatch.open(this.#server.url);
  }

  /** Creates a session and gives it a prompt. */
  async begin(title: string, prompt: string, directory = this.directory): Promise<MadeSession> {
    const { id } = created.parse(await this.#server.request('POST', '/session', directory, { title }));
    const session = { id, directory, title };
    this.#made.set(id, session);
    await this.prompt(session, prompt);
    return session;
  }

  async prompt({ id, directory }: MadeSession, text: string): Promise<void> {
    await this.#server.request('POST', `/session/${id}/prompt_async`, directory, { parts: [{ type: 'text', text }] });
  }

  /** Approves once what the session itself asks for, past all dashboards. */
  async approve({ id, directory }: MadeSession): Promise<void> {
    const { properties } = await this.#watch.find('permission.asked', { sessionID: id });
    await this.#server.request('POST', `/permission/${properties.id}/reply`, directory, { reply: 'once' });
  }

  /** Ends and deletes every session that was begun, and answers what they ask. */
  async clear(): Promise<void> {
    const made = [...this.#made.values()];
    this.#made.clear();
    // A turn whose session is deleted under it is tried again by opencode, and asks again (seen with 1.18.33).
    await waitUntil('no session works', async () => {
      for (const id of await this.pending('permission')) {
        await this.#answer('POST', `/permission/${id}/reply`, { reply: 'reject' });
      }
      for (const id of await this.pending('question')) await this.#answer('POST', `/question/${id}/reject`);
      const directories = [...new Set(made.map(({ directory }) => directory))];
      const status = (directory: string) => this.#server.request('GET', '/session/status', directory);
      const working = new Set(
        (await Promise.all(directories.map(status))).flatMap((listed) => Object.keys(listed ?? {})),
      );
      const left = made.filter(({ id }) => working.has(id));
      for (const { id, directory } of left) await this.#answer('POST', `/session/${id}/abort`, undefined, directory);
      return left.length === 0;
    });
    for (const session of made) await this.remove(session).catch(ignoreMissing);
  }

  /** Sends what may have been settled meanwhile. */
  async #answer(method: string, path: string, body?: unknown, directory = this.directory): Promise<void> {
    await this.#server.request(method, path, directory, body).catch(ignoreMissing);
  }

  async remove({ id, directory }: MadeSession): Promise<void> {
    this.#made.delete(id);
    await this.#server.request('DELETE', `/session/${id}`, directory);
  }

  /** Ids of what the server waits for an answer to. */
  async pending(kind: 'permission' | 'question', directory = this.directory): Promise<string[]> {
    return listed.parse(await this.#server.request('GET', `/${kind}`, directory)).map(({ id }) => id);
  }

  /** Everything in the session's messages as one text: prompts, words, calls of tools and what came of them. */
  async transcript({ id, directory }: MadeSession): Promise<string> {
    return JSON.stringify(await this.#messages(id, directory));
  }

  /** Waits until the turn has ended with the words that the model ends every turn with. */
  async waitUntilDone({ id, directory, title }: MadeSession): Promise<void> {
    await waitUntil(`${title} goes on to its end`, async () => {
      const last = (await this.#messages(id, directory)).at(-1);
      return last?.info.time.completed !== undefined && last.parts.some(({ text }) => text === 'Done.');
    });
  }

  /** All sessions of alpha, asked by a run of the program of its own that knows nothing yet. */
  async listSessions(): Promise<ListedSession[]> {
    return z.array(sessionSchema).parse(await this.#ask('sessions'));
  }

  async listHosts() {
    return z.array(hostSchema).parse(await this.#ask('hosts'));
  }

  async close(): Promise<void> {
    await this.#watch.close();
    if (this.#machine !== this.fleet.host('alpha').machine) await this.#machine.close();
    await this.fleet.close();
  }

  async #messages(id: string, directory: string) {
    return messagesSchema.parse(await this.#server.request('GET', `/session/${id}/message`, directory));
  }

  async #ask(verb: 'sessions' | 'hosts'): Promise<unknown> {
    const home = join(this.fleet.directory, `asker-${randomUUID()}`);
    await mkdir(home);
    const yaml = 'hosts: {local: false, include: [alpha]}\npolling: {timeout: 60s}\n';
    const config = await writeConfiguration(this.fleet, 'ask', yaml);
    const parameters = [verb, '--json', '--no-cache', '--ssh-config', this.fleet.sshConfig, '--config', config];
    const { stdout } = await runProgram(parameters, { ...this.fleet.environment, HOME: home });
    return JSON.parse(stdout);
  }
}

/** Ignores a 404: the test may have deleted the session or answered the request. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes(': 404 ')) throw error;
}

function serve(fleet: Fleet, machine: Machine): Promise<OpencodeServer> {
  const { home, environment } = fleet.host('alpha');
  return startOpencodeServer({
    machine,
    binary: fleet.opencode,
    environment,
    cwd: home,
    log: join(home, '.serve.log'),
  });
}
