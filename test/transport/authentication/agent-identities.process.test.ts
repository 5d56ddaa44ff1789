import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  keyTypeOf,
  listAgentIdentities,
  parseIdentities,
} from '../../../src/transport/authentication/agent-identities.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const text = (value: string | Buffer) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const count = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const blobOf = (type: string) => Buffer.concat([text(type), text('key material')]);
const answer = (...identities: [type: string, comment: string][]) =>
  Buffer.concat([
    Buffer.from([12]),
    count(identities.length),
    ...identities.flatMap(([type, comment]) => [text(blobOf(type)), text(comment)]),
  ]);

describe('the answer of an agent', () => {
  it('names every identity, certificates and security keys too', () => {
    const types = ['ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com', 'sk-ssh-ed25519@openssh.com'];
    const parsed = parseIdentities(answer(...types.map((type): [string, string] => [type, `my ${type}`])));
    expect(parsed).toEqual(types.map((type) => ({ type, blob: blobOf(type), comment: `my ${type}` })));
    expect(parseIdentities(answer())).toEqual([]);
  });

  it('that is none, or cut short, is said to be', () => {
    expect(parseIdentities(Buffer.from([5]))).toBeInstanceOf(Error);
    expect(parseIdentities(answer(['ssh-rsa', 'x']).subarray(0, -3))).toBeInstanceOf(Error);
    expect(parseIdentities(Buffer.concat([Buffer.from([12]), count(4_000_000_000)]))).toBeInstanceOf(Error);
  });

  it('never throws, whatever it holds', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseIdentities(Buffer.from([12, ...bytes]))));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof keyTypeOf(Buffer.from(bytes)) === 'string'));
  });
});

describe('asking an agent', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function agentThat(reply: ((write: (chunk: Buffer) => void, end: () => void) => void) | null): Promise<string> {
    const path = join(await makeTempDir(), 'agent');
    const server = createServer((socket) => {
      closers.push(() => socket.destroy());
      socket.on('data', () =>
        reply?.(
          (chunk) => socket.write(chunk),
          () => socket.end(),
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    closers.push(() => server.close());
    return path;
  }
  const signal = new AbortController().signal;

  it('takes an answer in pieces', async () => {
    const message = text(answer(['ssh-ed25519', 'one']));
    const socket = await agentThat((write) => {
      write(message.subarray(0, 3));
      setImmediate(() => write(message.subarray(3)));
    });
    expect(await listAgentIdentities(socket, signal)).toMatchObject([{ comment: 'one' }]);
  });

  it('says why there is no answer', async () => {
    await expect(listAgentIdentities('/nonexistent/agent', signal)).rejects.toThrow('ENOENT');
    await expect(listAgentIdentities(await agentThat((_write, end) => end()), signal)).rejects.toThrow('closed');
    const huge = await agentThat((write) => write(count(0xff_ff_ff_ff)));
    await expect(listAgentIdentities(huge, signal)).rejects.toThrow('too long');
    const stop = new AbortController();
    const silent = listAgentIdentities(await agentThat(null), stop.signal);
    stop.abort();
    await expect(silent).rejects.toThrow('given up');
  });
});
