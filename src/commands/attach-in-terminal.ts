import { openSession } from '../actions/attach-open.ts';
import { type Host, LOCAL_ALIAS } from '../domain/host.ts';
import type { Session } from '../domain/session.ts';
import type { Engine } from '../engine/engine.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';
import { loadProgramKeeper, urlAttachOf } from './dashboard-attach.ts';

/** Opens a session in this terminal until it ends or ctrl+] leaves it. Rejects with a VerbError, or as `openSession` does. */
export async function attachInTerminal(
  engine: Engine,
  host: Host,
  session: Session,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new VerbError(EXIT.usage, 'attach needs a terminal');
  const size = { columns: stdout.columns, rows: stdout.rows };
  const opened = await openSession(
    {
      fleet: engine.fleet,
      signal,
      serverFor:
        engine.config.current().sessions.attach === 'direct'
          ? null
          : (onHost, wanted, stop) => engine.attachServer(onHost, wanted, stop),
      refreshHost: (alias) => engine.refreshHost(alias),
      openTransport: (onHost) => engine.connect(onHost, null, signal),
      byUrl: urlAttachOf(() => Promise.resolve(engine), signal),
    },
    { host, sessionId: session.id, size },
    tell,
  );
  if (opened === 'unreachable') throw new VerbError(EXIT.unreachable, `${host.alias} cannot be reached`);
  if (opened === 'gone') throw new VerbError(EXIT.notFound, `${session.id} is gone from ${host.alias}`);
  const keepProgram = await loadProgramKeeper();
  const program = keepProgram(opened.pty, size, () => opened.wake(), false);
  const where = host.alias === LOCAL_ALIAS ? 'this machine' : host.label;
  const words = {
    opening: () => `opening the session on ${where}; ctrl+] leaves it`,
    silent: () => `opencode on ${where} does not respond; ctrl+] leaves it`,
  };
  const resize = () => program.resize({ columns: stdout.columns, rows: stdout.rows });
  stdout.on('resize', resize);
  try {
    const end = await program.show({ stdin, stdout }, signal, words);
    if (end !== 'detached' && end.code !== 0 && end.code !== EXIT.interrupted) {
      const lines = await program.lines();
      const hint = lines
        .map((line) => line.trimEnd())
        .filter((line) => line !== '')
        .slice(-5)
        .join('\n');
      throw new VerbError(EXIT.failed, `opencode on ${where} ended with exit status ${end.code ?? 'unknown'}`, {
        hint,
      });
    }
  } finally {
    stdout.off('resize', resize);
    program.close();
  }
}
