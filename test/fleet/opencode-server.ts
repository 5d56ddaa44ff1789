import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from './errors.ts';
import { findFreePort } from './free-port.ts';
import type { Machine } from './machine.ts';

/** A real `opencode serve` on one machine. `pid` is its number there. */
export type OpencodeServer = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Calls the API and returns the parsed JSON; null for an empty answer. Rejects on a status of 400 and above and after 60 s. */
  request(method: string, path: string, directory: string, body?: unknown): Promise<unknown>;
};

type ServerPlan = {
  readonly machine: Machine;
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: string;
  /** A free one by default. */
  readonly port?: number;
};

/** Starts a server and waits until it answers, 30 s at most. It lives until its machine ends. */
export async function startOpencodeServer(plan: ServerPlan): Promise<OpencodeServer> {
  const port = plan.port ?? (await findFreePort('127.0.0.1'));
  const { machine, binary, environment, cwd, log } = plan;
  const pid = await machine.start(binary, ['serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    environment,
    cwd,
    log,
  });
  const url = `http://127.0.0.1:${port}`;
  const password = environment.OPENCODE_SERVER_PASSWORD;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (password) headers.authorization = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
  await waitUntilHealthy(`${url}/global/health`, headers, log);
  return {
    url,
    port,
    pid,
    async request(method, path, directory, body) {
      const response = await fetch(`${url}${path}?directory=${encodeURIComponent(directory)}`, {
        method,
        headers,
        signal: AbortSignal.timeout(60_000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
      return answer === '' ? null : JSON.parse(answer);
    },
  };
}

/** Polls with short timeouts, because a request in a server's first second can hang for ever. */
async function waitUntilHealthy(url: string, headers: Record<string, string>, log: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(500) }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  throw new FleetError(`opencode serve did not become healthy within 30 s; see ${log}`);
}
