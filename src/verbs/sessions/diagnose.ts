import * as z from 'zod';
import { describeRequest } from '../../domain/user-request.ts';
import { messageOf } from '../../lib/errors.ts';
import { failureText } from '../../operations/failure.ts';
import { takeSeat } from '../../operations/turns/take-seat.ts';
import { describeSession } from '../../report/session-report.ts';
import { sessionReportSchema } from '../../report/session-schema.ts';
import { requestsOf } from '../requests/find-requests.ts';
import type { diagnose } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const findingSchema = z.object({
  level: z.enum(['ok', 'note', 'problem']),
  text: z.string(),
  /** A command that helps; `null` if none does. */
  command: z.string().nullable(),
});
const schema = z.object({ session: sessionReportSchema, findings: z.array(findingSchema) });
type Finding = z.output<typeof findingSchema>;

/** `ocr diagnose`: what a session does, waits for or failed at. */
export const diagnoseVerb = implement<typeof diagnose, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session: text, on }) {
    const { entry, session } = await desk.session(text, on);
    const { alias } = entry.host;
    const { settings, seen } = desk.fleet.getState();
    const report = describeSession(entry, session, settings, desk.clock(), seen);
    const findings: Finding[] = [stateOf(report.status, session.id)];
    const all = [...entry.live.requests.values()].map((pending) => ({ alias, pending }));
    for (const { pending } of requestsOf(desk, all, new Set([session.id]))) {
      const { request } = pending;
      const command = request.kind === 'permission' ? `ocr approve ${request.id}` : `ocr answer ${request.id} TEXT`;
      findings.push({ level: 'problem', text: `it asks: ${describeRequest(request)}`, command });
    }
    try {
      const { client } = await takeSeat(await desk.context(), { alias, id: session.id }, 'read', desk.signal);
      const last = (await client.turnMessages(session, 1, desk.signal)).at(-1);
      if (last === undefined) findings.push({ level: 'note', text: 'it has no messages', command: null });
      else if (last.error !== null) {
        findings.push({
          level: 'problem',
          text: `its last turn failed: ${last.error}`,
          command: `ocr messages ${session.id}`,
        });
      } else if (last.role === 'user') {
        findings.push({
          level: 'note',
          text: 'its last message is a prompt without an answer',
          command: `ocr wait ${session.id}`,
        });
      } else if (last.text === '' && last.completed !== null) {
        findings.push({ level: 'note', text: 'its last answer has no text', command: `ocr transcript ${session.id}` });
      }
      if (!(await client.hasDirectory(session.directory, desk.signal))) {
        findings.push({ level: 'problem', text: `its folder ${session.directory} cannot be read`, command: null });
      }
    } catch (error) {
      desk.signal.throwIfAborted();
      findings.push({
        level: 'problem',
        text: `no server can be asked: ${failureText(error) || messageOf(error)}`,
        command: `ocr wait ${session.id} --start`,
      });
    }
    return { session: report, findings };
  },
  text: ({ session, findings }) =>
    [
      `${session.title} (${session.id} on ${session.host}): ${session.status}`,
      ...findings.map(
        ({ level, text, command }) => `  ${level}: ${text}${command === null ? '' : `\n      ${command}`}`,
      ),
      '',
    ].join('\n'),
});

function stateOf(status: string, id: string): Finding {
  switch (status) {
    case 'interrupted':
      return {
        level: 'problem',
        text: 'its turn was cut off: no process works on it',
        command: `ocr chat ${id} continue`,
      };
    case 'errored':
      return { level: 'problem', text: 'its last turn ended in an error', command: `ocr messages ${id}` };
    case 'retry':
      return { level: 'note', text: 'its provider refused, and opencode tries again', command: `ocr wait ${id}` };
    case 'unknown':
      return { level: 'note', text: 'it is not known whether it works', command: `ocr attach ${id}` };
    default:
      return { level: 'ok', text: `it is ${status}`, command: null };
  }
}
