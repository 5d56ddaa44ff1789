import { parseExport, type SessionExport } from '../../../../src/opencode/export-import.ts';

interface Facts {
  readonly id?: string;
  readonly title?: string;
  readonly directory?: string;
  /** How many. */
  readonly messages?: number;
  readonly share?: object;
}

export function anExport({
  id = 'ses_1',
  title = 'Fix',
  directory = '/srv/shop',
  messages = 1,
  share,
}: Facts): SessionExport {
  const info = { id, title, directory, ...(share === undefined ? {} : { share }) };
  const listed = Array.from({ length: messages }, (_, at) => ({
    info: { id: `msg_${at}`, sessionID: id },
    parts: [{ type: 'text', text: `it's "${at}"` }],
  }));
  return parseExport(`${JSON.stringify({ info, messages: listed }, null, 2)}\n`);
}
