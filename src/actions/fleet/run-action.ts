import type { ActionPorts } from './action-ports.ts';
import { allowAlways, answerSession, decideRequest, rejectRequest } from './answer/answer.ts';
import { markSessionsSeen, snoozeSessions } from './answer/snooze.ts';
import { cloneRepository } from './clone/clone-repository.ts';
import { deleteSessions } from './delete/delete-sessions.ts';
import { undoDelete, undoFromList } from './delete/undo-delete.ts';
import type { ActionTarget, FleetActionId } from './fleet-actions.ts';
import { reloadServers } from './reload-server.ts';
import { manageRules } from './rules/manage-rules.ts';
import { abortSession } from './sessions/abort-session.ts';
import { archiveSession } from './sessions/archive-session.ts';
import { copyFact } from './sessions/copy-fact.ts';
import { editTranscript } from './sessions/edit-transcript.ts';
import { forkSession } from './sessions/fork-session.ts';
import { newSession } from './sessions/new-session.ts';
import { promptSession } from './sessions/prompt-session.ts';
import { pruneSessions } from './sessions/prune-sessions.ts';
import { renameSession } from './sessions/rename-session.ts';
import { shareSession } from './sessions/share-session.ts';

const RUN: Readonly<Record<FleetActionId, (ports: ActionPorts, target: ActionTarget) => Promise<void>>> = {
  decide: decideRequest,
  answer: answerSession,
  allowAlways,
  reject: rejectRequest,
  snooze: snoozeSessions,
  markSeen: markSessionsSeen,
  newSession,
  prompt: promptSession,
  abort: abortSession,
  delete: deleteSessions,
  undoDelete,
  undoFromList,
  rules: manageRules,
  archive: archiveSession,
  rename: renameSession,
  fork: forkSession,
  share: shareSession,
  edit: editTranscript,
  copy: copyFact,
  clone: cloneRepository,
  reload: reloadServers,
  prune: pruneSessions,
};

/** Runs an action. Expected failures do not reject: they are shown in a dialog or a toast. */
export function runAction(id: FleetActionId, ports: ActionPorts, target: ActionTarget): Promise<void> {
  return RUN[id](ports, target);
}
