import type { Duplex } from 'node:stream';
import type { SshOptions } from '../domain/host.ts';
import { RunningChild } from './child/child-process.ts';
import { streamOver } from './child/child-stream.ts';
import { TransportError } from './transport.ts';

/**
 * Characters that OpenSSH 9.6 and later refuse in names within a ProxyCommand (valid_hostname and valid_ruser in
 * ssh.c).
 */
const UNSAFE = /['`"$\\;&<>|(){}\s]|^-|\p{Cc}/u;
/** Bytes of the command's output that are kept to explain its end. */
const MAX_EXCERPT_BYTES = 2000;

/**
 * Expands the tokens of ssh_config(5), ProxyCommand: %% %h %n %p %r. Throws a TransportError for a name that a shell
 * would interpret.
 */
export function expandProxyCommand(command: string, alias: string, options: SshOptions): string {
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    h: options.hostname,
    n: alias,
    p: String(options.port),
    r: options.user,
  };
  return command.replace(/%(.)/g, (whole, token: string) => {
    const value = tokens[token];
    if (value === undefined) throw new TransportError('protocol', `ProxyCommand has the unknown token ${whole}`);
    if (token !== '%' && UNSAFE.test(value)) {
      throw new TransportError(
        'protocol',
        `${JSON.stringify(value)} is not put into a ProxyCommand: a shell would run it`,
      );
    }
    return value;
  });
}

/** Starts the command through the user's shell, as ssh does, with its stdin and stdout as the stream. */
export function openProxyCommand(command: string, environment: NodeJS.ProcessEnv): Duplex {
  let said = '';
  const child = new RunningChild(
    {
      file: environment.SHELL || '/bin/sh',
      args: ['-c', `exec ${command}`],
      env: environment,
      judge: ({ code, signal: name }) => {
        const last = said.trim().split('\n').at(-1) ?? '';
        const end = `ProxyCommand ended (${name ?? `exit status ${code}`})`;
        return new TransportError('closed', last === '' ? end : `${end}: ${last}`);
      },
    },
    'stream',
  );
  child.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MAX_EXCERPT_BYTES);
  });
  return streamOver(child);
}
