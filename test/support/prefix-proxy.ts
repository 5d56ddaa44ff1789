import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTempDir } from './temp-dir.ts';

/** A request that the proxy got. */
export interface ProxiedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A reverse proxy that speaks TLS with a certificate of its own for `localhost`, and hands what is below a path to a server on 127.0.0.1. */
export async function startPrefixProxy(prefix: string, port: number) {
  const folder = await makeTempDir();
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  const pem = await readFile(certificate, 'utf8');
  const requests: ProxiedRequest[] = [];
  const server = createServer({ key: await readFile(key), cert: pem }, (incoming, answer) => {
    const { method, url = '', headers } = incoming;
    requests.push({ path: url, headers });
    if (!url.startsWith(`${prefix}/`)) return void answer.writeHead(404).end('not here');
    const path = url.slice(prefix.length);
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
      answer.flushHeaders();
    });
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}${prefix}`,
    certificate: pem,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
