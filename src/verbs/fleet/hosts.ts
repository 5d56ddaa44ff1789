import * as z from 'zod';
import { describeHost, HOST_REPORT_VERSION, type HostReport, hostReportSchema } from '../../report/host-report.ts';
import { narrowHosts } from '../narrow.ts';
import type { hosts } from '../specs/fleet.ts';
import { formatTable } from '../table.ts';
import { treeOrderOf } from '../tree-order.ts';
import { implement } from '../verb.ts';

/** `ocr hosts`: asks every host once and prints its state. */
export const hostsVerb = implement<typeof hosts, readonly HostReport[]>({
  output: z.array(hostReportSchema).readonly(),
  version: HOST_REPORT_VERSION,
  isTable: true,
  async run(desk, input) {
    const entries = await desk.ask(await narrowHosts(desk, input));
    const order = treeOrderOf(desk);
    return entries.map((entry) => describeHost(entry, order));
  },
  text: (listed) =>
    formatTable(
      ['HOST', 'STATUS', 'SESSIONS', 'LATENCY', 'OPENCODE', 'ADDRESS', 'REASON'],
      listed.map((host) => [
        host.label,
        host.status,
        host.sessions === null ? '' : String(host.sessions),
        host.latencyMs === null ? '' : `${host.latencyMs} ms`,
        host.opencode?.version ?? '',
        addressOf(host),
        host.reason ?? host.profile ?? '',
      ]),
    ),
});

function addressOf({ user, address, port }: HostReport): string {
  if (address === null) return '';
  return user === null ? `${address}:${port}` : `${user}@${address}:${port}`;
}
