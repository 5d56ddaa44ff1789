import { describe, expect, it } from 'vitest';
import { ChannelGate, ChannelRefused } from '../../src/transport/channel-gate.ts';

/** A server that allows so many channels at a time. */
class Server {
  readonly #limit: number;
  open = 0;
  refused = 0;
  most = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  readonly start = async () => {
    await Promise.resolve();
    if (this.open >= this.#limit) {
      this.refused += 1;
      throw new ChannelRefused('open failed');
    }
    this.open += 1;
    this.most = Math.max(this.most, this.open);
    const listeners: (() => void)[] = [];
    return {
      onClose: (listener: () => void) => void listeners.push(listener),
      close: () => {
        this.open -= 1;
        for (const listener of listeners) listener();
      },
    };
  };
}

const signal = new AbortController().signal;

describe('the gate of channels', () => {
  it('lets all through as long as the server does', async () => {
    const server = new Server(100);
    const gate = new ChannelGate();
    await Promise.all(Array.from({ length: 30 }, () => gate.open(server.start, signal)));
    expect(server).toMatchObject({ open: 30, refused: 0 });
  });

  it('queues what is beyond the limit of the server instead of failing, in its order', async () => {
    const server = new Server(2);
    const gate = new ChannelGate();
    const order: number[] = [];
    const work = Array.from({ length: 8 }, async (_, index) => {
      const channel = await gate.open(server.start, signal);
      order.push(index);
      await Promise.resolve();
      channel.close();
    });
    await Promise.all(work);
    expect(order.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(server).toMatchObject({ open: 0, most: 2 });
    const refused = server.refused;
    await Promise.all([1, 2, 3].map(async () => (await gate.open(server.start, signal)).close()));
    expect(server.refused).toBe(refused);
  });

  it('fails when the server allows none at all', async () => {
    const gate = new ChannelGate();
    await expect(gate.open(new Server(0).start, signal)).rejects.toBeInstanceOf(ChannelRefused);
  });

  it('asks for what is lent as soon as someone waits, and only then', async () => {
    const server = new Server(1);
    const gate = new ChannelGate();
    const shell = await gate.open(server.start, signal);
    let given = 0;
    gate.lend(() => {
      given += 1;
      shell.close();
    });
    expect(given).toBe(0);
    const next = await gate.open(server.start, signal);
    expect(given).toBe(1);
    next.close();
  });

  it('takes back what was lent when it is needed again', async () => {
    const server = new Server(1);
    const gate = new ChannelGate();
    const shell = await gate.open(server.start, signal);
    const takeBack = gate.lend(() => expect.unreachable());
    takeBack();
    let opened = false;
    const waiting = gate.open(server.start, signal).then(() => {
      opened = true;
    });
    await expect.poll(() => gate.wanted).toBe(true);
    expect(opened).toBe(false);
    // Done with its work, the shell finds that a request waits.
    gate.lend(() => shell.close());
    await waiting;
  });

  it('lets who waits go when it is told to', async () => {
    const server = new Server(1);
    const gate = new ChannelGate();
    const first = await gate.open(server.start, signal);
    const stop = new AbortController();
    const waiting = gate.open(server.start, stop.signal);
    await expect.poll(() => gate.wanted).toBe(true);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    first.close();
    (await gate.open(server.start, signal)).close();
  });
});
