import { isIP, connect as openSocket, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import { addressOfUrl } from '../domain/host.ts';
import { onAbort } from '../lib/abort.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { explainSocketError } from './connect-error.ts';
import { givenUp } from './socket.ts';
import { TransportError } from './transport.ts';

const CERTIFICATE_HINT =
  'Node.js checks it against a list of its own: name the file of your authority in $NODE_EXTRA_CA_CERTS before you start ocr.';

/**
 * Opens a stream to the server of a base URL: TCP, with TLS for https. The certificate is always checked. Rejects with a TransportError.
 */
export function openUrl(url: string, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port } = addressOfUrl(url);
  const isSecure = new URL(url).protocol === 'https:';
  return new Promise((resolve, reject) => {
    // An address has no name to ask for (RFC 6066, section 3).
    const servername = isIP(host) === 0 ? host : '';
    const socket = isSecure
      ? openTls({ host, port, servername, ALPNProtocols: ['http/1.1'] })
      : openSocket({ host, port, noDelay: true, keepAlive: true });
    const fail = (error: TransportError) => {
      stopListening();
      socket.destroy();
      reject(error);
    };
    const stopListening = onAbort(signal, () => queueMicrotask(() => fail(givenUp())));
    // Stays, since without a listener a lost connection would end the program.
    socket.on('error', (error) => fail(explain(error, host, port)));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      stopListening();
      resolve(socket);
    });
  });
}

function explain(error: Error, hostname: string, port: number): TransportError {
  const code = codeOf(error) ?? '';
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    const message = `the certificate of ${hostname}:${port} is not accepted: ${messageOf(error)}`;
    return new TransportError('protocol', message, { hint: CERTIFICATE_HINT, cause: error });
  }
  if (/SSL|EPROTO/.test(code)) {
    const message = `${hostname}:${port} does not speak TLS as expected: ${code}`;
    return new TransportError('protocol', message, { hint: 'Does the URL begin with the right scheme?', cause: error });
  }
  const explained = explainSocketError(error, { hostname, port });
  if (explained.kind !== 'protocol') return explained;
  return new TransportError('unreachable', messageOf(error), { cause: error });
}
