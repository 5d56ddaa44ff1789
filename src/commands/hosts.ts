import type { Setup } from '../engine/setup.ts';
import { describeHost } from '../report/host-report.ts';
import { printJson } from './print-json.ts';
import { probeOnce } from './probe-once.ts';
import { printTable } from './table.ts';
import { viewSettings } from './view-settings.ts';

/** `ocr hosts`: asks every host once and prints its state. */
export async function runHosts(setup: Setup, { json }: { json: boolean }): Promise<void> {
  const settings = viewSettings(setup.config);
  const hosts = (await probeOnce(setup, true)).entries.map((entry) => describeHost(entry, settings));
  if (json) {
    printJson(hosts);
    return;
  }
  printTable(
    ['HOST', 'STATUS', 'SESSIONS', 'LATENCY', 'OPENCODE', 'ADDRESS', 'REASON'],
    hosts.map((host) => [
      host.label,
      host.status,
      host.sessions === null ? '' : String(host.sessions),
      host.latencyMs === null ? '' : `${host.latencyMs} ms`,
      host.opencode?.version ?? '',
      host.url ?? (host.address === null ? '' : `${host.user}@${host.address}:${host.port}`),
      host.reason ?? host.profile ?? '',
    ]),
  );
}
