import * as z from 'zod';
import { formatAge } from '../../domain/format.ts';
import { describeAddress } from '../../domain/host.ts';
import { describeHost } from '../../report/host-report.ts';
import { narrowHosts } from '../narrow.ts';
import type { instances } from '../specs/fleet.ts';
import { formatTable } from '../table.ts';
import { treeOrderOf } from '../tree-order.ts';
import { implement } from '../verb.ts';
import { countSessions } from './count-sessions.ts';

const schema = z.array(
  z.object({
    name: z.string(),
    /** `local`, `ssh` or `url`. */
    kind: z.enum(['local', 'ssh', 'url']),
    address: z.string(),
    healthy: z.boolean(),
    status: z.string(),
    reason: z.string().nullable(),
    version: z.string().nullable(),
    /** Servers that listen there. */
    servers: z.number(),
    sessions: z.number(),
    working: z.number(),
    /** Permissions and questions that wait for you. */
    requests: z.number(),
    /** When the counts were true, ISO 8601; `null` if nothing was ever read. */
    countedAt: z.string().nullable(),
  }),
);
type Instance = z.output<typeof schema>[number];

/** `ocr instances`: every target with its health and counts, and what was last known of one out of reach. */
export const instancesVerb = implement<typeof instances, readonly Instance[]>({
  output: schema.readonly(),
  version: 1,
  isTable: true,
  async run(desk, input) {
    const order = treeOrderOf(desk);
    return (await desk.ask(await narrowHosts(desk, input))).map((entry): Instance => {
      const { host, snapshot, failure } = entry;
      const { status, opencode } = describeHost(entry, order);
      const { kind } = host.route;
      return {
        name: host.alias,
        kind: kind === 'local' || kind === 'url' ? kind : 'ssh',
        address: describeAddress(host),
        healthy: desk.counts(entry) && failure === null,
        status,
        reason:
          failure?.reason ?? (desk.counts(entry) ? null : desk.isCached ? 'it never answered' : 'no answer in time'),
        version: opencode?.version ?? snapshot?.opencode.version ?? null,
        servers: snapshot?.servers.length ?? 0,
        ...countSessions(desk, entry),
        countedAt: snapshot === null ? null : new Date(snapshot.at).toISOString(),
      };
    });
  },
  text: (listed) =>
    formatTable(
      ['NAME', 'KIND', 'HEALTH', 'SESSIONS', 'WORKING', 'REQUESTS', 'VERSION', 'NOTE', 'ADDRESS'],
      listed.map((one) => [
        one.name,
        one.kind,
        one.healthy ? 'healthy' : 'UNREACHABLE',
        String(one.sessions),
        one.healthy ? String(one.working) : '',
        one.healthy ? String(one.requests) : '',
        one.version ?? '',
        noteOf(one),
        one.address,
      ]),
    ),
});

function noteOf({ healthy, reason, countedAt, status }: Instance): string {
  if (healthy) return '';
  const age =
    countedAt === null ? 'nothing is known' : `known from ${formatAge(Date.now() - Date.parse(countedAt))} ago`;
  return `${status}${reason === null ? '' : `: ${reason}`} (${age})`;
}
