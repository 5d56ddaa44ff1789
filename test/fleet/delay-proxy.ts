import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that holds every chunk back for `delayMs` in each direction; where nothing listens behind it, it closes. */
export function createDelayProxy(target: { host: string; port: number }, delayMs: number): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
    pipeLate(client, upstream, delayMs);
    pipeLate(upstream, client, delayMs);
  });
}

function pipeLate(from: Socket, to: Socket, delayMs: number): void {
  const later = (act: () => void) => setTimeout(act, delayMs);
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroySoon()));
}
