import * as z from 'zod';
import { attachLine } from '../../operations/sessions/attach-line.ts';
import type { open } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  directory: z.string(),
  /** The server's address as its own host reaches it; `null` if none runs there. */
  url: z.string().nullable(),
  /** Opens the session in any terminal, without ocr. */
  command: z.string(),
  /** Opens it through ocr. */
  attach: z.string(),
});

/** `ocr open`: where a session is, and how to open it. */
export const openVerb = implement<typeof open, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on }) {
    const { entry, session: found } = await desk.session(session, on);
    const { host, snapshot } = entry;
    const { id, directory } = found;
    const [server] = snapshot?.servers ?? [];
    const name = server?.hostname.includes(':') ? `[${server.hostname}]` : server?.hostname;
    const path = snapshot?.opencode.path ?? 'opencode';
    return {
      ...{ host: host.alias, sessionID: id, directory },
      url: host.route.kind === 'url' ? host.route.url : server === undefined ? null : `http://${name}:${server.port}`,
      command: attachLine(host, path, found, desk.sshConfigFile),
      attach: `ocr attach ${id}`,
    };
  },
  text: ({ url, command, attach, host }) =>
    `${url === null ? `no server runs on ${host}` : url}\n${command}\n${attach}\n`,
});
