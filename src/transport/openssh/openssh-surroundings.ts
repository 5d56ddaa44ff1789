import type { Duplex } from 'node:stream';
import { PrivateDirectory } from './openssh-directory.ts';
import type { SshFeatures } from './openssh-features.ts';
import type { AskpassRequest } from './openssh-question.ts';
import { bridgeCommand, writeAskpassProgram } from './ssh-helper-command.ts';
import { HelperServer } from './ssh-helper-server.ts';

export interface SurroundingsPlan {
  readonly features: SshFeatures;
  /** Answers ssh's questions; `null` disables them. */
  readonly answer: ((request: AskpassRequest, signal: AbortSignal) => Promise<string | null>) | null;
  /** Opens the stream to the host; `null` for ssh's own way. */
  readonly via: (() => Promise<Duplex>) | null;
  readonly onViaError: (error: unknown) => void;
}

/** Surroundings of one host's ssh processes: a private folder, an environment, and sockets back to this program. */
export class OpensshSurroundings {
  readonly directory: PrivateDirectory;
  readonly env: NodeJS.ProcessEnv;
  readonly proxyCommand: string | null;
  readonly #askpass: HelperServer | null;
  readonly #bridge: HelperServer | null;

  private constructor(
    directory: PrivateDirectory,
    env: NodeJS.ProcessEnv,
    proxyCommand: string | null,
    servers: { readonly askpass: HelperServer | null; readonly bridge: HelperServer | null },
  ) {
    this.directory = directory;
    this.env = env;
    this.proxyCommand = proxyCommand;
    this.#askpass = servers.askpass;
    this.#bridge = servers.bridge;
  }

  static async create(plan: SurroundingsPlan): Promise<OpensshSurroundings> {
    const directory = await PrivateDirectory.create();
    let askpass: HelperServer | null = null;
    try {
      let env: NodeJS.ProcessEnv = { ...process.env, SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'never' };
      if (plan.answer !== null) {
        const [program, socket] = [directory.file('ask'), directory.file('asks')];
        askpass = await HelperServer.askpass(socket, plan.answer);
        await writeAskpassProgram(program, socket);
        env = { ...process.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' };
        // Older versions use their askpass program only if they believe that a display exists.
        if (!plan.features.askpassRequire) env.DISPLAY ??= ':0';
      }
      if (plan.via === null) return new OpensshSurroundings(directory, env, null, { askpass, bridge: null });
      const socket = directory.file('via');
      const bridge = await HelperServer.bridge(socket, plan.via, plan.onViaError);
      return new OpensshSurroundings(directory, env, bridgeCommand(socket), { askpass, bridge });
    } catch (error) {
      askpass?.close();
      directory.remove();
      throw error;
    }
  }

  /** Refuses all further questions of ssh. */
  stopAnswering(): void {
    this.#askpass?.close();
  }

  close(): void {
    this.#askpass?.close();
    this.#bridge?.close();
    this.directory.remove();
  }
}
