import type { Host } from '../domain/host.ts';
import { LocalTransport } from './local-transport.ts';
import { type ConnectLimits, connectSsh2 } from './ssh2-connect.ts';
import { type Transport, TransportError } from './transport.ts';

/** Opens the connection to a host. The seam that tests fake. */
export type Connect = (host: Host, limits: ConnectLimits) => Promise<Transport>;

/** Connects by the host's route. */
export const connectHost: Connect = async (host, limits) => {
  switch (host.route.kind) {
    case 'local':
      return new LocalTransport();
    case 'ssh':
      return connectSsh2(host.route.options, limits);
    case 'unresolved':
      throw new TransportError('protocol', host.route.reason ?? 'the ssh options of this host are not known yet');
  }
};

/** One transport a host, opened when first asked for and opened anew after it was lost. */
export class TransportPool {
  readonly #connect: Connect;
  readonly #open = new Map<string, { address: string; transport: Promise<Transport> }>();
  #closed = false;

  constructor(connect: Connect = connectHost) {
    this.#connect = connect;
  }

  /** Gives the host's transport. Those who ask while it connects share one attempt. Rejects with a TransportError. */
  async get(host: Host, limits: ConnectLimits): Promise<Transport> {
    if (this.#closed) throw new TransportError('closed', 'ocr is closing');
    const address = JSON.stringify(host.route);
    const known = this.#open.get(host.alias);
    if (known?.address === address) {
      const transport = await known.transport;
      if (!transport.closed) return transport;
    }
    if (known !== undefined && this.#open.get(host.alias) === known) this.drop(host.alias);
    const opening = this.#open.get(host.alias) ?? { address, transport: this.#connect(host, limits) };
    this.#open.set(host.alias, opening);
    try {
      const transport = await opening.transport;
      if (this.#closed) transport.close();
      return transport;
    } catch (error) {
      if (this.#open.get(host.alias) === opening) this.#open.delete(host.alias);
      throw error;
    }
  }

  /** Closes the host's transport, if there is one. */
  drop(alias: string): void {
    const known = this.#open.get(alias);
    this.#open.delete(alias);
    known?.transport.then(
      (transport) => transport.close(),
      () => {},
    );
  }

  close(): void {
    this.#closed = true;
    for (const alias of [...this.#open.keys()]) this.drop(alias);
  }
}
