import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../support/fleet-program.ts';
import { makeHome } from './made-up-fleet.ts';
import { median, type Row } from './report.ts';

const run = promisify(execFile);
const ROUNDS = 21;
/** The time that a script gives a listing of what is known, on top of the start of Node. */
const ALLOWED_MS = 60;

/** `ocr sessions --json --cached` in a script, beside the start of Node itself. */
export async function benchCachedListing(hosts: number, sessions: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'ocr-bench-'));
  try {
    const { sshConfig, config } = await makeHome(folder, hosts, sessions, '', '1h', []);
    const words = ['--ssh-config', sshConfig, '--config', config, 'sessions', '--json', '--cached'];
    const [ours, node] = [[] as number[], [] as number[]];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const times = [await timeOf(folder, [program, ...words]), await timeOf(folder, ['-e', '0'])];
      // The first one compiles.
      if (round === 0) continue;
      ours.push(times[0] ?? 0);
      node.push(times[1] ?? 0);
    }
    const allowed = 1.3 * median(node) + ALLOWED_MS;
    return {
      what: `ocr sessions --json --cached, ${hosts} hosts x ${sessions} sessions`,
      figures: `median ${median(ours).toFixed(0)} ms, node -e 0 ${median(node).toFixed(0)} ms (n=${ROUNDS})`,
      goal: `goal: <= 1.3 x node + ${ALLOWED_MS} ms = ${allowed.toFixed(0)} ms`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ten instances of which one is slow, beside that one alone. */
export async function benchTenTargets(): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'ocr-bench-'));
  const servers = await Promise.all(Array.from({ length: 10 }, (_, at) => startInstance(at === 0 ? 500 : 5)));
  try {
    const { sshConfig, config } = await makeHome(folder, 0, null, '', '1h', []);
    const on = (urls: readonly string[]) => urls.flatMap((url) => ['--on', url]);
    const words = [program, '--ssh-config', sshConfig, '--config', config, 'sync', '--json'];
    const urls = servers.map(({ url }) => url);
    const [ten, slowest] = [[] as number[], [] as number[]];
    for (let round = 0; round <= 7; round += 1) {
      const times = [
        await timeOf(folder, [...words, ...on(urls)]),
        await timeOf(folder, [...words, ...on(urls.slice(0, 1))]),
      ];
      if (round === 0) continue;
      ten.push(times[0] ?? 0);
      slowest.push(times[1] ?? 0);
    }
    return {
      what: 'ocr sync, ten targets of which one takes 500 ms a request',
      figures: `median ${median(ten).toFixed(0)} ms : that one alone ${median(slowest).toFixed(0)} ms = ${(median(ten) / median(slowest)).toFixed(2)} (n=7)`,
      goal: 'goal: as long as the slowest',
    };
  } finally {
    for (const { server } of servers) server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the start of Node to its end. */
async function timeOf(home: string, words: readonly string[]): Promise<number> {
  const from = performance.now();
  const environment = { PATH: process.env.PATH, HOME: home };
  await run(process.execPath, words, { env: environment, maxBuffer: 2 ** 28 });
  return performance.now() - from;
}

/** A server that answers like an opencode without sessions, each time after a while. */
async function startInstance(delay: number): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const body =
      request.url?.startsWith('/global/health') === true ? { healthy: true, version: '1.18.33' } : { data: [] };
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    }, delay);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
