import { appendFileSync, readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../fleet/free-port.ts';
import type { FleetHost } from '../fleet/host.ts';
import { createMachine, type Machine } from '../fleet/machine.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';

/** A request that came by. `held`: the server was given it, and its answer was kept. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly held: boolean;
}

/**
 * A host's view of a server that runs where the host cannot see it: a proxy that is called opencode and records every
 * request.
 */
export interface RecordedServer {
  /** The server itself, past the proxy. */
  readonly server: OpencodeServer;
  requests(): RecordedRequest[];
  close(): Promise<void>;
}

export interface RecordedServerOptions {
  readonly host: FleetHost;
  readonly opencode: string;
  /** Keeps the answer to that many a PATCH, from 1, and to no other. */
  readonly holdPatch?: number;
}

/** Starts a server for a host of the fleet, and a proxy on the host in its place. Both end with `close`, the proxy with its host at the latest. */
export async function startRecordedServer({
  host,
  opencode,
  holdPatch = 0,
}: RecordedServerOptions): Promise<RecordedServer> {
  const { alias, home, environment, machine: hostMachine } = host;
  if (hostMachine === null) throw new Error(`${alias} has no machine`);
  // The host must not see the server itself.
  const hidden: Machine = await createMachine(`hidden-${alias}`, environment.OCR_FLEET ?? '');
  try {
    const log = join(home, '.serve.log');
    // Nor what it runs.
    const own = { ...environment, PATH: process.env.PATH ?? '' };
    const server = await startOpencodeServer({ machine: hidden, binary: opencode, environment: own, cwd: home, log });
    const folder = join(home, '..', 'proxy');
    const recording = join(folder, 'requests');
    const program = join(folder, 'opencode');
    await mkdir(folder, { recursive: true });
    // The probe knows opencode by the name of its program and of its process.
    await copyFile(process.execPath, program);
    appendFileSync(recording, '');
    const port = await findFreePort('127.0.0.1');
    const words = [port, server.port, recording, holdPatch].map(String);
    const pid = await hostMachine.start(program, [fileURLToPath(import.meta.url), ...words], {
      environment: { OCR_FLEET: environment.OCR_FLEET ?? '' },
      cwd: home,
      log: join(folder, 'log'),
    });
    return {
      server,
      requests: () => readFileSync(recording, 'utf8').split('\n').filter(Boolean).map(parseRecorded),
      async close() {
        await hostMachine.signal(pid, 'KILL');
        await hidden.close();
      },
    };
  } catch (error) {
    await hidden.close();
    throw error;
  }
}

function parseRecorded(line: string): RecordedRequest {
  const [method = '', path = '', held] = line.split(' ');
  return { method, path, held: held === 'held' };
}

/** The proxy itself, for ever. */
function serveProxy(port: number, target: number, recording: string, holdPatch: number): void {
  process.title = 'opencode';
  let patches = 0;
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const { method = '', url = '', headers } = asked;
    if (method === 'PATCH') patches += 1;
    const held = method === 'PATCH' && patches === holdPatch;
    // Before it is passed on, so that nothing reaches the server without a note of it.
    if (!held) appendFileSync(recording, `${method} ${url}\n`);
    const passed = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (given) => {
      if (held) {
        given.resume();
        given.on('end', () => appendFileSync(recording, `${method} ${url} held\n`));
        return;
      }
      answer.writeHead(given.statusCode ?? 502, given.headers);
      answer.flushHeaders();
      given.on('error', () => answer.destroy()).pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => {
      if (!held) passed.destroy();
    });
    asked.pipe(passed);
  });
  server.requestTimeout = 0;
  server.listen(port, '127.0.0.1');
}

if (import.meta.main) {
  const [port = '', target = '', recording = '', holdPatch = ''] = process.argv.slice(2);
  serveProxy(Number(port), Number(target), recording, Number(holdPatch));
}
