import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type PublicKeyAuthContext } from 'ssh2';
import type { HostChannels } from './host-channels.ts';

export interface SshServerParts {
  /** Private key of the host. */
  readonly hostKey: string;
  /** The only key that may log in. */
  readonly userKey: ParsedKey;
  readonly user: string;
  /** Wanted besides the key; `null` if the key is enough. */
  readonly password: string | null;
  /** Said before the password is asked for. */
  readonly instruction: string;
  /** True if it accepts connections and never answers. */
  readonly isSilent: boolean;
  readonly channels: Pick<HostChannels, 'serve'>;
  /** Takes a stream to the simulated opencode server. */
  readonly tunnel: (stream: Duplex, port: number) => boolean;
}

/** An SSH server on 127.0.0.1, for one simulated host. Every login needs the key of this run, which only this user can read. */
export class DemoSshServer {
  readonly #parts: SshServerParts;
  readonly #server: Server;
  readonly #ssh: InstanceType<typeof ssh2.Server> | null;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(parts: SshServerParts) {
    this.#parts = parts;
    const { hostKey, isSilent } = parts;
    this.#ssh = isSilent ? null : new ssh2.Server({ hostKeys: [hostKey] }, (connection) => this.#serve(connection));
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    return this.#port;
  }

  /** Listens, after a pause on the same port as before. Rejects if that is taken. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (isAddress(address)) this.#port = address.port;
  }

  /** Ends every connection, and listens no more. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#ssh === null) return void socket.resume();
    socket.setNoDelay(true);
    this.#ssh.injectSocket(socket);
  }

  #serve(connection: Connection): void {
    let isKeyShown = false;
    connection.on('error', () => {});
    connection.on('authentication', (context) => {
      if (context.username !== this.#parts.user) return context.reject(['publickey']);
      if (context.method === 'publickey') {
        if (!this.#isUserKey(context)) return context.reject(['publickey']);
        // Without a signature the client only asks whether the key would do.
        isKeyShown ||= context.signature !== undefined;
      }
      this.#judge(context, isKeyShown);
    });
    connection.on('ready', () => {
      connection.on('session', (accept) => this.#parts.channels.serve(accept()));
      connection.on('tcpip', (accept, reject, { destPort }) => {
        const stream = destPort > 0 ? accept() : null;
        if (stream === null) return reject();
        if (!this.#parts.tunnel(stream, destPort)) stream.destroy();
      });
    });
  }

  #isUserKey({ key, signature, blob, hashAlgo }: PublicKeyAuthContext): boolean {
    const { userKey } = this.#parts;
    if (!userKey.getPublicSSH().equals(key.data)) return false;
    return signature === undefined || blob === undefined || userKey.verify(blob, signature, hashAlgo) === true;
  }

  /** A password alone opens no host, since every user of this machine could type it. */
  #judge(context: AuthContext, isKeyShown: boolean): void {
    const { password, instruction } = this.#parts;
    if (context.method === 'publickey') {
      if (!isKeyShown || password === null) return context.accept();
      return context.reject(['keyboard-interactive'], true);
    }
    if (!isKeyShown || password === null) return context.reject(['publickey']);
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
    context.prompt([{ prompt: 'Password: ', echo: false }], '', instruction, (answers) => {
      if (answers[0] === password) context.accept();
      else context.reject(['keyboard-interactive']);
    });
  }
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return address !== null && typeof address === 'object';
}
