import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { DemoScreen } from './host/demo-screen.ts';
import { HostChannels } from './host/host-channels.ts';
import { HostFolder } from './host/host-folder.ts';
import { writeMachine } from './host/machine-files.ts';
import { SERVER_PORT } from './host/proc-folder.ts';
import { DemoSshServer } from './host/ssh-server.ts';
import type { DemoOpencode } from './model/opencode.ts';
import type { Random } from './random.ts';
import type { Director } from './script/director.ts';
import { DEMO_PASSWORD } from './seeds/hosts.ts';
import type { HostSeed } from './seeds/seed.ts';
import { importSession } from './server/change-sessions.ts';
import { DemoServer } from './server/http-server.ts';
import { Routes } from './server/routes.ts';

export interface DemoHostParts {
  readonly seed: HostSeed;
  readonly opencode: DemoOpencode;
  readonly director: Director;
  /** Folder of the host. */
  readonly root: string;
  readonly hostKey: string;
  readonly userKey: ParsedKey;
  /** For load and memory. */
  readonly random: Random;
}

/** One simulated host: its files, its SSH server, and its opencode server, which is reached through SSH alone. */
export class DemoHost {
  readonly seed: HostSeed;
  readonly opencode: DemoOpencode;
  readonly #folder: HostFolder;
  readonly #random: Random;
  readonly #ssh: DemoSshServer;
  readonly #server: DemoServer;
  readonly #channels: HostChannels;
  #importing = false;

  constructor({ seed, opencode, director, root, hostKey, userKey, random }: DemoHostParts) {
    this.seed = seed;
    this.#random = random;
    this.opencode = opencode;
    this.#folder = new HostFolder(root, seed);
    this.#server = new DemoServer(opencode, new Routes(opencode, director));
    this.#channels = new HostChannels({
      folder: this.#folder,
      latency: seed.latency,
      openScreen: (id, size, write) => {
        const kept = opencode.kept.get(id);
        if (kept === undefined) return null;
        const prompt = (text: string) => director.prompt({ opencode, kept }, text, opencode.now());
        return new DemoScreen({ opencode, kept, write, prompt }, size);
      },
    });
    const wantsPassword = seed.behaviour === 'password';
    this.#ssh = new DemoSshServer({
      ...{ hostKey, userKey, user: seed.user, channels: this.#channels, isSilent: seed.behaviour === 'silent' },
      password: wantsPassword ? DEMO_PASSWORD : null,
      instruction: `This host is simulated. The password is: ${DEMO_PASSWORD}`,
      tunnel: (stream, port) => {
        if (port !== SERVER_PORT) return false;
        this.#server.accept(stream);
        return true;
      },
    });
  }

  get port(): number {
    return this.#ssh.port;
  }

  async open(): Promise<void> {
    await this.#folder.write(this.opencode);
    this.opencode.onStore((kept) => this.#folder.store(this.opencode, kept));
    await this.breathe();
    await this.#ssh.open();
  }

  /** Changes its load and memory a little. Never rejects: the disk may be full, or the folder gone by now. */
  async breathe(): Promise<void> {
    await writeMachine(this.#folder.root, this.seed.machine, this.#random).catch(() => {});
  }

  /** Takes the host off the network, or brings it back. Stays off if its port was taken meanwhile. */
  async setReachable(isReachable: boolean): Promise<void> {
    if (isReachable) await this.#ssh.open().catch(() => {});
    else await this.#ssh.close();
  }

  /** Takes a session that `opencode import` has left. */
  async takeImport(): Promise<void> {
    const file = join(this.#folder.inbox, 'session.json');
    if (this.#importing || !existsSync(file)) return;
    this.#importing = true;
    try {
      importSession(this.opencode, await readFile(file, 'utf8'));
    } catch {
      await writeFile(join(this.#folder.inbox, 'refused'), '');
    }
    await rm(file, { force: true });
    this.#importing = false;
  }

  async close(): Promise<void> {
    this.#channels.close();
    this.#server.close();
    await this.#ssh.close();
  }
}
