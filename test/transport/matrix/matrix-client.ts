import { readFile, writeFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { createSshResolver, type SshResolver } from '../../../src/discovery/ssh-resolver.ts';
import type { Host } from '../../../src/domain/host.ts';
import type { TransportChoice } from '../../../src/transport/connector.ts';
import type { ConnectLimits } from '../../../src/transport/interaction.ts';
import type { RunLimits, Transport } from '../../../src/transport/transport.ts';
import type { TransportPool } from '../../../src/transport/transport-pool.ts';
import type { Lab, LabHost } from '../../ssh-lab/lab.ts';
import { connectionEnd } from '../../ssh-lab/sshd-log.ts';
import { aHost } from '../../support/builders.ts';
import { createRealPool, type RealPoolOptions } from '../../support/real-pool.ts';

/** The two kinds that have to do the same. */
export const KINDS = ['ssh2', 'openssh'] as const satisfies readonly TransportChoice[];
export type Kind = (typeof KINDS)[number];

/** Both kinds for every row. */
export function forBothKinds<Row extends readonly unknown[]>(rows: readonly Row[]): [Kind, ...Row][] {
  return KINDS.flatMap((kind) => rows.map((row): [Kind, ...Row] => [kind, ...row]));
}

/** Wait for a condition no longer than that. */
export const PATIENCE = { timeout: 10_000, interval: 10 };

export const runLimits = (changes: Partial<RunLimits> = {}): RunLimits => ({
  signal: new AbortController().signal,
  idleTimeout: 10_000,
  maxBytes: 10_000_000,
  ...changes,
});

/** A client of the lab's hosts by its ssh configuration, until the end of the test. */
export interface MatrixClient {
  readonly pool: TransportPool;
  host(alias: string): Promise<Host>;
  /** Connects as the program does: without prompts unless `interaction` is set. */
  connect(alias: string, limits?: Partial<ConnectLimits>): Promise<Transport>;
  /** The same, and what `echo in` gives there. */
  echo(alias: string, limits?: Partial<ConnectLimits>): Promise<string>;
}

/** A client with a pool of its own, which is closed with the test. */
export async function createClient(
  lab: Pick<Lab, 'sshConfig'>,
  choice: TransportChoice,
  options: RealPoolOptions = {},
): Promise<MatrixClient> {
  const resolver: SshResolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  const pool = createRealPool({ choice, resolver, configFile: lab.sshConfig, ...options });
  onTestFinished(() => pool.close());
  const host = async (alias: string): Promise<Host> =>
    aHost({ alias, route: await resolver.resolve(alias, new AbortController().signal) });
  const connect = async (alias: string, limits: Partial<ConnectLimits> = {}) =>
    pool.get(await host(alias), {
      ...{ signal: new AbortController().signal, timeout: 10_000, interaction: null },
      ...limits,
    });
  return {
    ...{ pool, host, connect },
    echo: async (alias, limits) => (await (await connect(alias, limits)).exec('echo in', runLimits())).stdout,
  };
}

/** Puts more Host blocks before those of the lab's ssh configuration: other ways to the same hosts. */
export async function addAliases(
  lab: Pick<Lab, 'sshConfig'>,
  aliases: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const blocks = Object.entries(aliases).map(([alias, lines]) => [`Host ${alias}`, ...lines, ''].join('\n'));
  await writeFile(lab.sshConfig, [...blocks, await readFile(lab.sshConfig, 'utf8')].join('\n'));
}

/** sshd's log from now on. */
export async function followLog(host: LabHost): Promise<{ read(): Promise<string>; untilEnd(): Promise<string> }> {
  const before = (await host.log()).length;
  const read = async () => (await host.log()).slice(before);
  return {
    read,
    /** The log with the end of a connection, which comes last. Rejects when none ends. */
    async untilEnd() {
      for (const deadline = Date.now() + PATIENCE.timeout; ; ) {
        const log = await read();
        if (connectionEnd.test(log)) return log;
        if (Date.now() > deadline) throw new Error(`no connection has ended:\n${log}`);
        await new Promise((resolve) => setTimeout(resolve, PATIENCE.interval));
      }
    },
  };
}

/** The error that a promise rejects with. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ kind: string; message: string; hint: string; by: string | null }> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || !('kind' in error)) throw error;
  const { kind, message } = error;
  const text = (key: string) => (key in error ? String(Reflect.get(error, key) ?? '') : '');
  return { kind: String(kind), message, hint: text('hint'), by: text('by') || null };
}
