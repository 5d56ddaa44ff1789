import * as z from 'zod';
import { describeRequest, type PermissionRequest, type QuestionItem } from '../../domain/user-request.ts';
import { messageOf } from '../../lib/errors.ts';
import { createNameMatcher } from '../../lib/glob.ts';
import { type Reply, sendReply } from '../../operations/requests/answer-request.ts';
import type { Desk } from '../desk.ts';
import { EXIT, exitStatusOf, VerbError } from '../exit-status.ts';
import type { answer, approve, reject } from '../specs/sessions.ts';
import { implement } from '../verb.ts';
import { type FoundRequest, findRequest, listRequests } from './find-requests.ts';

const schema = z.array(
  z.object({
    host: z.string(),
    id: z.string(),
    sessionID: z.string(),
    /** What was asked, on one line. */
    asked: z.string(),
    reply: z.enum(['once', 'always', 'reject', 'answers']),
  }),
);
type Replies = z.output<typeof schema>;

interface Which {
  readonly request: string | null;
  readonly on: readonly string[];
  readonly all: boolean;
  readonly where: readonly string[];
}

/** `ocr approve`: allows what a permission asks for. */
export const approveVerb = implement<typeof approve, Replies>({
  output: schema,
  version: 1,
  run: async (desk, input) =>
    replyAll(desk, await choose(desk, input, 'permission'), { kind: input.always ? 'always' : 'once' }),
  text: formatReplies,
});

/** `ocr reject`: rejects a permission or a question. */
export const rejectVerb = implement<typeof reject, Replies>({
  output: schema,
  version: 1,
  run: async (desk, input) =>
    replyAll(desk, await choose(desk, input, input.all ? 'permission' : null), {
      kind: 'reject',
      message: input.message,
    }),
  text: formatReplies,
});

/** `ocr answer`: answers the questions of a request. */
export const answerVerb = implement<typeof answer, Replies>({
  output: schema,
  version: 1,
  async run(desk, { request, answers, on }) {
    const found = await findRequest(desk, request, on, 'question');
    const asked = found.pending.request;
    if (asked.kind !== 'question') throw new VerbError(EXIT.usage, `${asked.id} is no question`);
    if (answers.length !== asked.questions.length) {
      const [want, got] = [asked.questions.length, answers.length];
      throw new VerbError(EXIT.usage, `${asked.id} asks ${want} questions, and ${got} answers are given`, {
        hint: asked.questions.map(({ question }, at) => `  ${at + 1}. ${question}`).join('\n'),
      });
    }
    const picked = asked.questions.map((item, at) => pick(item, answers[at] ?? ''));
    return replyAll(desk, [found], { kind: 'answers', answers: picked });
  },
  text: formatReplies,
});

/** Returns the labels that an answer names, or the answer as it is. Throws a VerbError if the question takes neither. */
function pick({ question, options, multiple, custom }: QuestionItem, given: string): readonly string[] {
  const labelOf = (text: string) =>
    options.find(({ label }) => label === text.trim())?.label ??
    options.find(({ label }) => label.toLowerCase() === text.trim().toLowerCase())?.label;
  const whole = labelOf(given);
  if (whole !== undefined) return [whole];
  const parts = multiple ? given.split(',').map(labelOf) : [];
  const known = parts.filter((label) => label !== undefined);
  if (parts.length > 0 && known.length === parts.length) return known;
  if (custom) return [given];
  const labels = options.map(({ label }) => label).join(', ');
  throw new VerbError(EXIT.usage, `"${given}" is no answer to "${question}"; there is: ${labels}`);
}

async function choose(desk: Desk, which: Which, kind: 'permission' | null): Promise<readonly FoundRequest[]> {
  const { request, on, all, where } = which;
  if (all === (request !== null)) throw new VerbError(EXIT.usage, 'name one request, or give --all');
  if (request !== null) {
    if (where.length > 0) throw new VerbError(EXIT.usage, '--where goes with --all');
    return [await findRequest(desk, request, on, kind)];
  }
  const listed = await listRequests(desk, on, kind);
  if (where.length === 0) return listed;
  const matches = await createNameMatcher(where);
  return listed.filter(({ pending }) => textsOf(pending.request as PermissionRequest).some((text) => matches(text)));
}

function textsOf({ permission, command, path, patterns }: PermissionRequest): readonly string[] {
  return [permission, ...patterns, ...(command === null ? [] : [command]), ...(path === null ? [] : [path])];
}

/** Replies to each, and goes on after a failure. Rejects with a VerbError that names those that failed. */
async function replyAll(desk: Desk, found: readonly FoundRequest[], reply: Reply): Promise<Replies> {
  const context = await desk.context();
  const failures: { readonly id: string; readonly error: unknown }[] = [];
  const done: Replies = [];
  for (const { alias, pending } of found) {
    const { request } = pending;
    try {
      await sendReply(context, alias, pending, reply, desk.signal);
      const asked = describeRequest(request);
      done.push({ host: alias, id: request.id, sessionID: request.sessionId, asked, reply: reply.kind });
    } catch (error) {
      if (found.length === 1) throw error;
      failures.push({ id: request.id, error });
    }
  }
  const [first] = failures;
  if (first === undefined) return done;
  for (const { id, error } of failures) desk.warn(`${id}: ${messageOf(error)}`);
  const status = exitStatusOf(first.error) ?? EXIT.failed;
  throw new VerbError(status, `${failures.length} of ${found.length} requests got no reply; ${done.length} did`);
}

function formatReplies(replies: Replies): string {
  if (replies.length === 0) return 'nothing is asked\n';
  return replies.map(({ host, id, asked, reply }) => `${WORDS[reply]} ${id} on ${host}: ${asked}\n`).join('');
}

const WORDS = { once: 'allowed', always: 'always allowed', reject: 'rejected', answers: 'answered' } as const;
