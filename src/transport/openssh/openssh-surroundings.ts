import type { Duplex } from 'node:stream';
import { PrivateDirectory } from './openssh-directory.ts';
import type { SshFeatures } from './openssh-features.ts';
import type { AskpassRequest } from './openssh-question.ts';
import { bridgeCommand, writeAskpassProgram } from './ssh-helper-command.ts';
import { HelperServer } from './ssh-helper-server.ts';

export interface SurroundingsPlan {
  readonly features: SshFeatures;
  /** Answers ssh's questions; `null` lets it ask none. */
  readonly answer: ((request: AskpassRequest, signal: AbortSignal) => Promise<string | null>) | null;
  /** Opens the stream to the host; `null` for ssh's own way. */
  readonly via: (() => Promise<Duplex>) | null;
  readonly onViaError: (error: unknown) => void;
}

/** What the ssh processes of one host need around them: a private folder, an environment, and sockets back to this program. */
export class OpensshSurroundings {
  readonly directory: PrivateDirectory;
  readonly env: NodeJS.ProcessEnv;
  readonly proxyCommand: string | null;
  readonly #servers: readonly HelperServer[];

  private constructor(
    directory: PrivateDirectory,
    env: NodeJS.ProcessEnv,
    proxyCommand: string | null,
    servers: readonly HelperServer[],
  ) {
    this.directory = directory;
    this.env = env;
    this.proxyCommand = proxyCommand;
    this.#servers = servers;
  }

  static async create(plan: SurroundingsPlan): Promise<OpensshSurroundings> {
    const directory = await PrivateDirectory.create();
    const servers: HelperServer[] = [];
    try {
      let env: NodeJS.ProcessEnv = { ...process.env, SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'never' };
      if (plan.answer !== null) {
        const [program, socket] = [directory.file('ask'), directory.file('asks')];
        servers.push(await HelperServer.askpass(socket, plan.answer));
        await writeAskpassProgram(program, socket);
        env = { ...process.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' };
        // Older ones ask their program only where they believe that a window can be shown.
        if (!plan.features.askpassRequire) env.DISPLAY ??= ':0';
      }
      if (plan.via === null) return new OpensshSurroundings(directory, env, null, servers);
      const socket = directory.file('via');
      servers.push(await HelperServer.bridge(socket, plan.via, plan.onViaError));
      return new OpensshSurroundings(directory, env, bridgeCommand(socket), servers);
    } catch (error) {
      for (const server of servers) server.close();
      directory.remove();
      throw error;
    }
  }

  close(): void {
    for (const server of this.#servers) server.close();
    this.directory.remove();
  }
}
