import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../fleet/free-port.ts';
import type { Machine } from '../fleet/machine.ts';

/** The names that the probe looks for, of the program and of the process. */
const NAME = 'opencode';

/**
 * Starts what looks like `opencode serve` on a machine and hands all to a real one, but for the stream of events, which it refuses: as a proxy does
 * that cannot stream. Lives until the machine ends.
 */
export async function startDeafServer(machine: Machine, folder: string, port: number): Promise<number> {
  const place = join(folder, `deaf-${randomUUID()}`);
  const program = join(place, NAME);
  await mkdir(place);
  await link(process.execPath, program).catch(() => copyFile(process.execPath, program));
  const own = await findFreePort('127.0.0.1');
  await machine.start(program, [fileURLToPath(import.meta.url), String(own), String(port)], {
    environment: { OCR_FLEET: folder },
    cwd: place,
    log: join(place, 'log'),
  });
  return own;
}

async function main(own: number, port: number): Promise<void> {
  process.title = NAME;
  const server = createServer((incoming, answer) => {
    if (incoming.url?.startsWith('/global/event')) {
      answer.writeHead(502).end();
      return;
    }
    const { method, url, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(own, '127.0.0.1');
  await once(server, 'listening');
}

if (import.meta.main) await main(Number(process.argv[2]), Number(process.argv[3]));
