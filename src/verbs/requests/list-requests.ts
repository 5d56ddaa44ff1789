import * as z from 'zod';
import type { Desk } from '../desk.ts';
import type { permissions, questions } from '../specs/sessions.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';
import { type FoundRequest, listRequests, requestsOf } from './find-requests.ts';
import {
  describePermission,
  describeQuestion,
  type PermissionReport,
  permissionSchema,
  type QuestionReport,
  questionSchema,
} from './request-report.ts';

/** `ocr permissions`: what sessions want to be allowed. */
export const permissionsVerb = implement<typeof permissions, readonly PermissionReport[]>({
  output: z.array(permissionSchema).readonly(),
  version: 1,
  isTable: true,
  run: async (desk, input) => (await list(desk, input, 'permission')).flatMap((one) => describePermission(one) ?? []),
  text: (listed) =>
    listed.length === 0
      ? 'no permission is asked for\n'
      : formatTable(
          ['HOST', 'ID', 'SESSION', 'KIND', 'ASKS FOR', '--ALWAYS ALLOWS'],
          listed.map(({ host, id, sessionID, permission, command, path, patterns, always }) => [
            ...[host, id, sessionID, permission],
            command ?? path ?? patterns.join(' '),
            always.join(' '),
          ]),
        ),
});

/** `ocr questions`: what sessions ask. */
export const questionsVerb = implement<typeof questions, readonly QuestionReport[]>({
  output: z.array(questionSchema).readonly(),
  version: 1,
  run: async (desk, input) => (await list(desk, input, 'question')).flatMap((one) => describeQuestion(one) ?? []),
  text: (listed) => (listed.length === 0 ? 'nothing is asked\n' : listed.map(formatQuestion).join('\n')),
});

async function list(
  desk: Desk,
  { on, session }: { readonly on: readonly string[]; readonly session: string | null },
  kind: 'permission' | 'question',
): Promise<readonly FoundRequest[]> {
  const all = await listRequests(desk, on, kind);
  if (session === null) return all;
  const target = desk.known(session, on);
  return requestsOf(desk, all, new Set([target.session.id]));
}

function formatQuestion({ host, id, sessionID, questions: asked }: QuestionReport): string {
  const lines = asked.flatMap(({ header, question, options, multiple, custom }, at) => {
    const how = [...(multiple ? ['several may be picked'] : []), ...(custom ? ['or an answer of your own'] : [])];
    const note = how.length === 0 ? '' : ` (${how.join(', ')})`;
    const head = asked.length === 1 ? '' : `${at + 1}. `;
    return [
      `  ${head}${header === '' ? '' : `${header}: `}${question}${note}`,
      ...options.map(({ label, description }) => `     - ${label}${description === '' ? '' : `: ${description}`}`),
    ];
  });
  return `${id} on ${host}, of ${sessionID}\n${lines.join('\n')}\n`;
}
