import { GLOBAL_WORKTREE, type Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { messageOf } from '../lib/errors.ts';
import { parseProjectList, parseSessionList } from '../opencode/cli-output.ts';
import { ProbeError } from './probe-error.ts';
import { FINGERPRINT_SCRIPT } from './read-script.ts';
import type { Run, SessionReading } from './reading.ts';
import { PROJECTS_SCRIPT, sessionListScript } from './slow-script.ts';
import { REPORT_PREFIX } from './survey-script.ts';

/**
 * The last rung: `opencode session list` in the worktree of each project that opencode knows or that was known before, one call after the
 * other, since several at once can lock each other out. Folders outside repositories are all listed by the project at `/`.
 */
export async function readSessionList(
  previous: Snapshot | null,
  run: Run,
  passedOver: SessionReading['passedOver'],
): Promise<SessionReading> {
  const worktrees = new Set([GLOBAL_WORKTREE, ...(previous?.sessions.map((session) => session.project) ?? [])]);
  const projects = await run(PROJECTS_SCRIPT, 'slow');
  try {
    for (const worktree of parseProjectList(projects.output)) worktrees.add(worktree);
  } catch {
    // An opencode without that command: the known projects are asked.
  }
  const sessions: Session[] = [];
  for (const worktree of worktrees) {
    const { output } = await run(sessionListScript(worktree), 'slow');
    try {
      const failed = output.lastIndexOf(`${REPORT_PREFIX}failed`);
      if (failed >= 0) throw new Error(`exit status ${output.slice(failed).split(' ')[2]?.trim()}`);
      sessions.push(...parseSessionList(output, worktree));
    } catch (error) {
      throw new ProbeError('error', `opencode session list failed in ${worktree}: ${messageOf(error).slice(0, 120)}`, {
        hint: passedOver.map(({ rung, reason }) => `${rung}: ${reason}`).join('\n'),
      });
    }
  }
  // opencode itself has written to the database while listing, so the state after that is the one to compare with.
  const fingerprint = (await run(FINGERPRINT_SCRIPT)).output.trim() || null;
  return { sessions, rung: 'session-list', passedOver, fingerprint };
}
