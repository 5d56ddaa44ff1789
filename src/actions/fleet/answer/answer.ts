import type { PendingRequest } from '../../../domain/live.ts';
import {
  describeRequest,
  isObscure,
  nameRequest,
  OBSCURE_TEXT,
  type PermissionRequest,
  type QuestionRequest,
  targetOf,
  type UserRequest,
  verbOf,
} from '../../../domain/user-request.ts';
import { visible, visibleLines } from '../../../domain/visible.ts';
import { firstPending } from '../../../fleet/first-pending.ts';
import { Changed, type Reply, RequestNotPending, sendReply } from '../../../operations/requests/answer-request.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm, type FieldSpec, type Note } from '../../../store/form/form.ts';
import { choiceOf, listOf, textOf } from '../../../store/form/form-values.ts';
import { sessionKey } from '../../../store/keys.ts';
import { shownSince } from '../../../store/shown-requests.ts';
import { say, sayError } from '../../feedback.ts';
import { dropLateKeys } from '../../late-keys.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { DONE, runOnAll } from '../sessions/run-on-all.ts';
import { counted } from '../sessions/session-now.ts';

const NOTHING_ASKED = 'Nothing is asked here';
const UNREAD_TEXT = 'That was asked just now; read it first';
/** Milliseconds after the first paint of a request in which a key is ignored: it was meant for the previous screen. */
const UNREAD_MS = 400;

/**
 * Allows a session's request once, or opens its question. With marked sessions, lists their requests first and then
 * allows each.
 */
export async function answerSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  if (target.marked) return approveMarked(ports, target.sessions);
  const [only] = target.sessions;
  const pending = only === undefined ? null : firstRequest(only, ports);
  if (only === undefined || pending === null) return say(ports.store, NOTHING_ASKED);
  if (pending.request.kind === 'question') return answerQuestion(ports, only, pending, pending.request);
  if (!isRead(ports, only, pending)) return say(ports.store, UNREAD_TEXT);
  await reply(ports, only, pending, { kind: 'once' }, 'allowed once');
}

/** Offers every answer to a session's request; Enter opens the session instead. A question is answered in its form. */
export async function decideRequest(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [only] = target.sessions;
  const pending = only === undefined ? null : firstRequest(only, ports);
  if (only === undefined || pending === null) return say(ports.store, NOTHING_ASKED);
  const one = { ...target, sessions: [only], marked: false };
  if (pending.request.kind === 'question') return answerSession(ports, one);
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'decide',
      title: `${only.session.title || 'untitled'} asks`,
      lines: [...obscureNotes(pending.request), ...permissionNotes(pending.request)],
      options: [
        { key: 'y', label: 'allow once', hint: 'allow' },
        { key: 'Y', label: 'always allow…', hint: 'always' },
        { key: 'N', label: 'reject…', hint: 'reject' },
        { key: 'o', label: 'open the session', hint: 'open' },
      ],
      keep: 'later',
      enter: 'o',
    }),
  );
  if (chosen === 'o') return ports.attach(only.entry.host.alias, only.session.id);
  // Only the request on the screen is answered; a different one has to be shown first.
  if (chosen === 'y') return reply(ports, only, pending, { kind: 'once' }, 'allowed once');
  if (chosen === 'Y') return allowAlways(ports, one);
  if (chosen === 'N') return rejectRequest(ports, one);
}

/** Returns the whole request as lines for a dialog. */
function permissionNotes(request: PermissionRequest): readonly Note[] {
  const { command, path, patterns, diff } = request;
  const what = command ?? path ?? patterns.join('\n');
  const changed = diff === null || diff === '' ? [] : [{ text: visibleLines(diff) }];
  return [{ text: `It wants to ${verbOf(request)}:` }, { text: visibleLines(what), warn: true }, ...changed];
}

/** True if the screen has shown this request, with this content, long enough to be read, and shows it in full now. */
function isRead({ store, clock }: ActionPorts, { entry, session }: TargetSession, pending: PendingRequest): boolean {
  const since = shownSince(store.getState(), entry.host.alias, session.id, pending);
  const isPainted = store.getState().paintedSession === sessionKey(entry.host.alias, session.id);
  return since !== null && isPainted && clock() - since >= UNREAD_MS;
}

/** Always allows a session's request, after showing the user what that covers. */
export async function allowAlways(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [only] = target.sessions;
  const pending = only === undefined ? null : firstRequest(only, ports);
  if (only === undefined || pending === null) return say(ports.store, NOTHING_ASKED);
  const { request } = pending;
  if (request.kind === 'question') return say(ports.store, 'This is a question: y answers it');
  if (!isRead(ports, only, pending)) return say(ports.store, UNREAD_TEXT);
  const patterns = request.always.length > 0 ? request.always : request.patterns;
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'allowAlways',
      title: `Always allow ${visible(request.permission)} on ${only.entry.host.label}?`,
      lines: [
        ...obscureNotes(request),
        { text: `It wants to ${verbOf(request)}:` },
        { text: `  ${targetOf(request)}` },
        { text: '"Always" stops asking for everything that fits:' },
        ...patterns.map((pattern) => ({ text: `  ${visible(pattern)}`, warn: true })),
        ...(patterns.some((pattern) => pattern.includes('*')) ? [{ text: '  * is any text' }] : []),
        { text: `In     every session of ${visible(request.directory)}` },
        { text: `Until  the opencode server on ${only.entry.host.label} stops` },
        { text: 'Undo   restart the server (ctrl+r)' },
      ],
      options: [{ key: 'y', label: 'allow always', danger: true }],
    }),
  );
  if (chosen === 'y') await reply(ports, only, pending, { kind: 'always' }, 'always allowed');
}

/** Rejects a session's request, with the user's message. */
export async function rejectRequest(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [only] = target.sessions;
  const pending = only === undefined ? null : firstRequest(only, ports);
  if (only === undefined || pending === null) return say(ports.store, NOTHING_ASKED);
  const { request } = pending;
  const { label, alias } = only.entry.host;
  const form = createForm({
    title: `Reject on ${label}`,
    submitLabel: 'reject',
    notes: [{ text: describeRequest(request) }, ...obscureNotes(request)],
    fields:
      request.kind === 'question'
        ? []
        : [
            {
              kind: 'text',
              name: 'message',
              label: 'message',
              multiline: true,
              hint: 'what it should do instead; may be empty',
            },
          ],
  });
  const done = await ports.dialogs.form(form, {
    busy: 'rejecting',
    submit: async (values, signal) => {
      const message = request.kind === 'question' ? null : textOf(values, 'message').trim() || null;
      await sendReply(ports, alias, pending, { kind: 'reject', message }, signal);
      return true;
    },
  });
  if (done) say(ports.store, `${label}: rejected`);
}

async function answerQuestion(
  ports: ActionPorts,
  { entry, session }: TargetSession,
  pending: PendingRequest,
  request: QuestionRequest,
): Promise<void> {
  const { alias, label } = entry.host;
  const only = request.questions.length === 1 ? request.questions[0] : undefined;
  const form = createForm({
    title: `${session.title || 'untitled'} asks`,
    submitLabel: 'answer',
    // A single question comes first, above what can be answered.
    notes: [...obscureNotes(request), ...(only === undefined ? [] : [{ text: visibleLines(only.question) }])],
    fields: request.questions.map((question, index) => ({
      ...fieldOf(question, index),
      ...(only === undefined ? {} : { hint: '' }),
    })),
  });
  const done = await ports.dialogs.form(form, {
    busy: 'answering',
    submit: async (values, signal) => {
      const answers = request.questions.map((question, index) => {
        if (question.multiple) return listOf(values, nameOf(index));
        const chosen = choiceOf(values, nameOf(index));
        return chosen === null ? [] : [chosen];
      });
      await sendReply(ports, alias, pending, { kind: 'answers', answers }, signal);
      return answers.flat();
    },
  });
  if (done) say(ports.store, `${label}: answered: ${visible(done.join(', '))}`);
}

/** Notes that a dialog names characters instead of painting them. */
function obscureNotes(request: UserRequest): readonly Note[] {
  return isObscure(request) ? [{ text: OBSCURE_TEXT, warn: true }] : [];
}

const nameOf = (index: number) => `question ${index}`;

function fieldOf(question: QuestionRequest['questions'][number], index: number): FieldSpec {
  const options = question.options.map(({ label, description }) => ({
    value: label,
    label: visible(label),
    description: visibleLines(description),
  }));
  const shared = {
    name: nameOf(index),
    label: visible(question.header) || `question ${index + 1}`,
    hint: visibleLines(question.question),
    numbered: true,
    options,
  };
  const custom = question.custom || options.length === 0;
  return question.multiple
    ? { ...shared, kind: 'multi', custom, required: true }
    : { ...shared, kind: 'choice', custom, required: true };
}

async function reply(
  ports: ActionPorts,
  { entry, session }: TargetSession,
  pending: PendingRequest,
  answer: Reply,
  done: string,
): Promise<void> {
  const { alias, label } = entry.host;
  await act(ports, `answering on ${label}`, async () => {
    try {
      await sendReply(ports, alias, pending, answer);
      // The next request is shown now, and the user has not read it yet.
      if (firstRequest({ entry, session }, ports) !== null) dropLateKeys(ports.store);
      say(ports.store, `${label}: ${done}: ${nameRequest(pending.request)}`);
    } catch (error) {
      if (!(error instanceof RequestNotPending || error instanceof Changed)) throw error;
      sayError(ports.store, `${label}: ${error.message}`, [session.title]);
    }
  });
}

async function approveMarked(ports: ActionPorts, sessions: readonly TargetSession[]): Promise<void> {
  const permissions = sessions.flatMap((one) => {
    const pending = firstRequest(one, ports);
    return pending?.request.kind === 'permission' ? [{ one, pending, request: pending.request }] : [];
  });
  if (permissions.length === 0) return say(ports.store, 'none of the marked sessions asks for a permission');
  const describe = (one: TargetSession, request: PermissionRequest) =>
    `${one.entry.host.label}: ${one.session.title}: ${nameRequest(request)}`;
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'approveMarked',
      title: `Allow ${counted(permissions.length, 'permission')}, once each?`,
      lines: permissions.map(({ one, request }) => ({ text: describe(one, request) })),
      options: [{ key: 'y', label: 'allow once' }],
    }),
  );
  if (chosen !== 'y') return;
  const pendingOf = new Map(
    permissions.map(({ one, pending }) => [`${one.entry.host.alias}/${one.session.id}`, pending]),
  );
  await runOnAll(ports, {
    title: 'Approving',
    done: null,
    targets: permissions.map(({ one }) => one),
    labels: permissions.map(({ one, request }) => describe(one, request)),
    run: async ({ entry, session }, signal) => {
      const pending = pendingOf.get(`${entry.host.alias}/${session.id}`);
      if (pending !== undefined) await sendReply(ports, entry.host.alias, pending, { kind: 'once' }, signal);
      return DONE;
    },
  });
}

/** Returns the first pending request of a root session and its subagents; `null` if there is none. */
function firstRequest({ entry, session }: TargetSession, { fleet }: Pick<ActionPorts, 'fleet'>): PendingRequest | null {
  return firstPending(fleet.getState().entries.get(entry.host.alias) ?? entry, session.id);
}
