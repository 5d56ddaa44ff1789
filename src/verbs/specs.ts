import type { VerbSpec } from './spec.ts';
import * as fleet from './specs/fleet.ts';
import * as sessions from './specs/sessions.ts';
import * as turns from './specs/turns.ts';

/** Every verb over the fleet, in the order of the help. */
export const VERBS: readonly VerbSpec[] = [
  fleet.instances,
  fleet.hosts,
  fleet.sync,
  fleet.sessions,
  fleet.status,
  fleet.events,
  fleet.watch,
  sessions.create,
  sessions.prompt,
  sessions.messages,
  sessions.abort,
  sessions.attach,
  sessions.open,
  sessions.diagnose,
  sessions.models,
  sessions.rename,
  sessions.archive,
  sessions.fork,
  sessions.exportSession,
  sessions.importSession,
  sessions.remove,
  sessions.permissions,
  sessions.permissionsSaved,
  sessions.permissionsRevoke,
  sessions.approve,
  sessions.reject,
  sessions.questions,
  sessions.answer,
  turns.oneShot,
  turns.beginSession,
  turns.chat,
  turns.wait,
  turns.final,
  turns.transcript,
  turns.doctor,
];

/** Returns a verb by name, such as `permissions saved`. */
export function verbNamed(name: string): VerbSpec | undefined {
  return VERBS.find((verb) => verb.name === name);
}
