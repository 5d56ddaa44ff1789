import type { VerbSpec } from './spec.ts';
import type { AnyVerb } from './verb.ts';

/** What loads the code of each verb, by its name. */
const LOADERS: ReadonlyMap<string, () => Promise<AnyVerb>> = new Map<string, () => Promise<AnyVerb>>([
  ['hosts', async () => (await import('./fleet/hosts.ts')).hostsVerb],
  ['instances', async () => (await import('./fleet/instances.ts')).instancesVerb],
  ['sync', async () => (await import('./fleet/sync.ts')).syncVerb],
  ['sessions', async () => (await import('./fleet/sessions.ts')).sessionsVerb],
  ['status', async () => (await import('./fleet/status.ts')).statusVerb],
  ['events', async () => (await import('./streams/events.ts')).eventsVerb],
  ['watch', async () => (await import('./streams/watch.ts')).watchVerb],
  ['create', async () => (await import('./sessions/create.ts')).createVerb],
  ['prompt', async () => (await import('./sessions/prompt.ts')).promptVerb],
  ['messages', async () => (await import('./sessions/messages.ts')).messagesVerb],
  ['abort', async () => (await import('./sessions/abort.ts')).abortVerb],
  ['models', async () => (await import('./sessions/models.ts')).modelsVerb],
  ['diagnose', async () => (await import('./sessions/diagnose.ts')).diagnoseVerb],
  ['rename', async () => (await import('./sessions/change.ts')).renameVerb],
  ['archive', async () => (await import('./sessions/change.ts')).archiveVerb],
  ['fork', async () => (await import('./sessions/change.ts')).forkVerb],
  ['delete', async () => (await import('./sessions/delete.ts')).deleteVerb],
  ['export', async () => (await import('./sessions/export.ts')).exportVerb],
  ['import', async () => (await import('./sessions/import.ts')).importVerb],
  ['attach', async () => (await import('./sessions/attach.ts')).attachVerb],
  ['open', async () => (await import('./sessions/open.ts')).openVerb],
  ['permissions', async () => (await import('./requests/list-requests.ts')).permissionsVerb],
  ['permissions saved', async () => (await import('./requests/rules.ts')).savedVerb],
  ['permissions revoke', async () => (await import('./requests/rules.ts')).revokeVerb],
  ['approve', async () => (await import('./requests/reply.ts')).approveVerb],
  ['reject', async () => (await import('./requests/reply.ts')).rejectVerb],
  ['questions', async () => (await import('./requests/list-requests.ts')).questionsVerb],
  ['answer', async () => (await import('./requests/reply.ts')).answerVerb],
  ['one-shot', async () => (await import('./turns/one-shot.ts')).oneShotVerb],
  ['begin-session', async () => (await import('./turns/begin-session.ts')).beginSessionVerb],
  ['chat', async () => (await import('./turns/chat.ts')).chatVerb],
  ['wait', async () => (await import('./turns/wait.ts')).waitVerb],
  ['final', async () => (await import('./turns/final.ts')).finalVerb],
  ['transcript', async () => (await import('./turns/transcript.ts')).transcriptVerb],
  ['doctor', async () => (await import('./turns/doctor.ts')).doctorVerb],
]);

/** Loads the code of a verb. */
export async function loadVerb({ name }: Pick<VerbSpec, 'name'>): Promise<AnyVerb> {
  const load = LOADERS.get(name);
  if (load === undefined) throw new Error(`${name} has no code`);
  return await load();
}
