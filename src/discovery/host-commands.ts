import pLimit from 'p-limit';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { makeRoomForFile, readRegularFile } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';
import { SingleFlight } from '../lib/single-flight.ts';
import type { HostCommand } from './ask-host-command.ts';
import type { GivenHost } from './given-host.ts';

const VERSION = 1;

const { listOf, objectOf, oneOf, orNull, recordOf, text } = shape;
const wrongPart = objectOf({
  version: oneOf([VERSION]),
  answers: recordOf(
    listOf(objectOf({ alias: text, label: orNull(text), group: orNull(text), settings: listOf(text) })),
  ),
});

/**
 * Hosts that the user's commands list. Keeps the last good answer of each, on disk too: the hosts are there at once after a start, and stay while a command fails.
 */
export class HostCommands {
  readonly #file: string | null;
  readonly #answers: Map<string, readonly GivenHost[]>;
  readonly #flights = new SingleFlight<readonly string[]>();
  readonly #oneAtATime = pLimit(1);

  private constructor(file: string | null, answers: Map<string, readonly GivenHost[]>) {
    this.#file = file;
    this.#answers = answers;
  }

  /** Opens the answers of the last run; `null` keeps nothing. Never rejects: lost answers come again. */
  static async open(file: string | null): Promise<HostCommands> {
    if (file === null) return new HostCommands(null, new Map());
    try {
      const kept = JSON.parse(await readRegularFile(file));
      const answers: Record<string, readonly GivenHost[]> = wrongPart(kept) === null ? kept.answers : {};
      return new HostCommands(file, new Map(Object.entries(answers)));
    } catch {
      await makeRoomForFile(file);
      return new HostCommands(file, new Map());
    }
  }

  /** Returns the last answers of these commands. Of hosts with the same alias the first counts. */
  hosts(commands: readonly HostCommand[]): GivenHost[] {
    const hosts = new Map<string, GivenHost>();
    for (const command of commands) {
      for (const host of this.#answers.get(nameOf(command)) ?? []) {
        const { group = null } = command;
        if (!hosts.has(host.alias)) hosts.set(host.alias, { ...host, group: host.group ?? group });
      }
    }
    return [...hosts.values()];
  }

  /** Runs the commands side by side, never twice at a time. Resolves to warnings, safe to paint. Rejects when the signal aborts. */
  async run(commands: readonly HostCommand[], signal: AbortSignal): Promise<readonly string[]> {
    if (commands.length === 0 && this.#answers.size === 0) return [];
    return this.#flights.run(JSON.stringify(commands), signal, (stop) =>
      this.#oneAtATime(async () => {
        const results = await Promise.all(commands.map((command) => this.#ask(command, stop)));
        stop.throwIfAborted();
        await this.#save(commands);
        return results.flat();
      }),
    );
  }

  async #ask(command: HostCommand, signal: AbortSignal): Promise<readonly string[]> {
    // Most starts have no commands.
    const { askHostCommand } = await import('./ask-host-command.ts');
    const { hosts, warnings } = await askHostCommand(command, signal);
    if (hosts !== null) this.#answers.set(nameOf(command), hosts);
    return warnings;
  }

  /** Forgets commands that the configuration no longer has. */
  async #save(commands: readonly HostCommand[]): Promise<void> {
    const names = new Set(commands.map(nameOf));
    for (const name of this.#answers.keys()) if (!names.has(name)) this.#answers.delete(name);
    if (this.#file === null) return;
    const content = JSON.stringify({ version: VERSION, answers: Object.fromEntries(this.#answers) });
    await writePrivateFile(this.#file, content).catch(() => {});
  }
}

function nameOf({ command }: HostCommand): string {
  return JSON.stringify(command);
}
