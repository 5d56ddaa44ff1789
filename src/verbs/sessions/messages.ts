import * as z from 'zod';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { messages } from '../specs/sessions.ts';
import { describeMessage, messageSchema } from '../turns/message-report.ts';
import { implement } from '../verb.ts';

const schema = z.array(
  messageSchema.extend({
    role: z.enum(['user', 'assistant']),
    /** The system prompt that came with it. */
    system: z.string().nullable(),
  }),
);
type Messages = z.output<typeof schema>;

/** `ocr messages`: the last messages of a session, oldest first. */
export const messagesVerb = implement<typeof messages, Messages>({
  output: schema,
  version: 1,
  async run(desk, { session, on, limit }) {
    const { client, session: found } = await desk.seat(session, on, 'read');
    return (await client.turnMessages(found, limit, desk.signal)).map(describe);
  },
  text: (listed) => listed.map((message) => `${headOf(message)}\n${bodyOf(message)}\n`).join('\n') || 'no messages\n',
});

function describe(message: TurnMessage): Messages[number] {
  const { role, system } = message;
  return { role, system, ...describeMessage(message) };
}

function headOf({ role, id, agent, model, createdAt }: Messages[number]): string {
  const by = [agent, model].filter((one) => one !== null).join(', ');
  return `[${role}${by === '' ? '' : ` ${by}`}] ${createdAt} ${id}`;
}

function bodyOf({ text, system, error, finish, completedAt, role }: Messages[number]): string {
  const parts = [
    ...(system === null ? [] : [`(system) ${system}`]),
    ...(text === '' ? [] : [text]),
    ...(error === null ? [] : [`(failed) ${error}`]),
  ];
  if (parts.length > 0) return parts.join('\n');
  if (role === 'assistant' && completedAt === null) return '(working)';
  return finish === 'tool-calls' ? '(calls tools)' : '(no text)';
}
