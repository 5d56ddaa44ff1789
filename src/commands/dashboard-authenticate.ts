import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { authenticateHost } from '../actions/authenticate.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import type { OcrStore } from '../store/store.ts';
import { bootstrapCommands, type MasterPlan } from '../transport/openssh/control-master.ts';
import type { startRefresher } from './engine.ts';

type Engine = Awaited<ReturnType<typeof startRefresher>>;

export interface AuthenticateSources {
  readonly store: OcrStore;
  readonly desk: QuestionDesk;
  readonly engine: Promise<Engine>;
  readonly masters: MasterPlan;
  /** What takes the terminal from the dashboard, once that is mounted. */
  readonly suspend: () => ((callback: () => Promise<void>) => Promise<void>) | undefined;
}

/** The action of the dashboard that lets a person authenticate, put together from its parts. */
export function authenticateFrom({ store, desk, engine, masters, suspend }: AuthenticateSources) {
  return (alias: string): void => {
    void engine.then(({ refresher, pool, timeoutOf }) =>
      authenticateHost(
        {
          store,
          desk,
          connect: (host, interaction, signal) =>
            pool.get(host, { signal, interaction, timeout: timeoutOf(host.alias) }),
          refreshHost: (name) => refresher.refreshHost(name),
          bootstrapCommand: (host) => bootstrapCommands(host, masters),
          runInTerminal: async (commands) => {
            await mkdir(masters.folder, { recursive: true, mode: 0o700 });
            await suspend()?.(() => runAll(commands));
          },
        },
        alias,
      ),
    );
  };
}

/** Runs commands on the terminal, one after the other, until one fails. Rejects when one did. */
async function runAll(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    process.stdout.write(`${command}\r\n`);
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'inherit' });
    // The terminal sends it to both; it is the child's to answer.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    try {
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`ssh ended with exit status ${code}`);
    } finally {
      process.off('SIGINT', ignore);
    }
  }
}
