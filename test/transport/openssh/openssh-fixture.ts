import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { SecretQuestion } from '../../../src/domain/question.ts';
import type { ConnectLimits, Interaction } from '../../../src/transport/interaction.ts';
import {
  connectOpenssh,
  type OpensshDestination,
  type OpensshSettings,
} from '../../../src/transport/openssh/openssh-connect.ts';
import type { OpensshMemory } from '../../../src/transport/openssh/openssh-memory.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { PATIENCE } from '../contract-support.ts';

const run = promisify(execFile);

/** The test's own settings. */
export interface Wishes {
  readonly destination?: Partial<OpensshDestination>;
  readonly limits?: Partial<ConnectLimits>;
  readonly settings?: Partial<OpensshSettings>;
  readonly memory?: OpensshMemory;
}

export interface OpensshFixture {
  /** The folder for temporary files of the test. */
  readonly folder: () => string;
  readonly open: (alias: string, wishes?: Wishes) => Promise<Transport>;
}

/**
 * Opens transports that end with the test; after each, nothing may be left: no file, and no process with one in its
 * arguments.
 */
export function createOpensshFixture(configFile: () => string): OpensshFixture {
  const opened: Transport[] = [];
  let folder: string;
  /** Short, since sockets are made in it. */
  beforeEach(async () => {
    folder = await mkdtemp('/tmp/t-');
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv('SSH_AUTH_SOCK', undefined);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const transport of opened.splice(0)) transport.close();
    await vi.waitFor(async () => {
      expect(await readdir(folder)).toEqual([]);
      expect(await commandsWith(folder)).toEqual([]);
    }, PATIENCE);
    await rm(folder, { recursive: true });
  });

  return {
    folder: () => folder,
    async open(alias, wishes = {}) {
      const transport = await connectOpenssh(
        {
          ...{ alias, user: null, port: null, options: null, reason: 'a test', existingMaster: null, via: null },
          ...wishes.destination,
        },
        { signal: new AbortController().signal, timeout: 20_000, interaction: null, ...wishes.limits },
        {
          ...{ controlMaster: 'auto', controlPersist: '20', controlPath: null, configFile: configFile() },
          ...wishes.settings,
        },
        wishes.memory,
      );
      opened.push(transport);
      return transport;
    },
  };
}

/** The processes, by their number and arguments, that were told of something. */
export async function commandsWith(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,args='], { maxBuffer: 10_000_000 });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Answers every question by a function, and records it. */
export class FakeUser implements Interaction {
  readonly asked: SecretQuestion[] = [];
  readonly #answer: (question: SecretQuestion, signal: AbortSignal) => Promise<string | null>;

  constructor(answer: (question: SecretQuestion, signal: AbortSignal) => Promise<string | null>) {
    this.#answer = answer;
  }

  async answer(question: SecretQuestion, signal: AbortSignal): Promise<readonly string[] | null> {
    this.asked.push(question);
    const text = await this.#answer(question, signal);
    return text === null ? null : [text];
  }

  trust(): Promise<boolean> {
    throw new Error('ssh asks for trust by a text');
  }

  progress(): void {}
}
