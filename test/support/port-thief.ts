import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Machine } from '../fleet/machine.ts';
import { ATTACKER, asUser } from './two-accounts.ts';

/** Binds the port as soon as it is free, asks everyone for a password, and writes down who came and what they said. */
const PROGRAM = `
import json, selectors, socket, sys, time
port, folder = int(sys.argv[1]), sys.argv[2]
note = open(folder + '/events', 'a', buffering=1)
loot = open(folder + '/loot', 'ab', buffering=0)
while True:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(('127.0.0.1', port))
        break
    except OSError:
        listener.close()
        time.sleep(0.0005)
listener.listen(64)
note.write('bound\\n')
ready = selectors.DefaultSelector()
ready.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        if key.fileobj is listener:
            stream, _ = listener.accept()
            note.write('accepted\\n')
            ready.register(stream, selectors.EVENT_READ)
            continue
        try:
            data = key.fileobj.recv(65536)
        except OSError:
            data = b''
        if not data:
            note.write('left\\n')
            ready.unregister(key.fileobj)
            key.fileobj.close()
            continue
        loot.write(data)
        note.write('heard\\n')
        title = '\\x1b]0;stolen\\x07stolen'
        body = json.dumps({'healthy': True, 'version': '1.18.33', 'title': title}).encode()
        head = 'HTTP/1.1 401 Unauthorized\\r\\nwww-authenticate: Basic realm="x"\\r\\ncontent-type: application/json\\r\\ncontent-length: %d\\r\\n\\r\\n' % len(body)
        key.fileobj.sendall(head.encode() + body)
`;

/** Another user's process that takes a port over, on a machine of the lab. */
export class PortThief {
  readonly #folder: string;
  readonly #machine: Machine;
  readonly #pid: number;

  private constructor(machine: Machine, folder: string, pid: number) {
    this.#machine = machine;
    this.#folder = folder;
    this.#pid = pid;
  }

  /** It waits for the port from now on. @param folder one of the attacker's */
  static async lurk(machine: Machine, folder: string, port: number): Promise<PortThief> {
    for (const name of ['events', 'loot']) await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'thief.py'), PROGRAM);
    const [program, words] = asUser(ATTACKER);
    const command = [...words, 'sh', '-c', 'exec python3 "$0" "$@"', join(folder, 'thief.py'), String(port), folder];
    const own = await machine.start('/bin/chown', ['-R', String(ATTACKER.id), folder]);
    await expect.poll(() => machine.isRunning(own)).toBe(false);
    return new PortThief(machine, folder, await machine.start(program, command, { log: join(folder, 'log') }));
  }

  async waitUntilBound(): Promise<void> {
    await expect.poll(() => this.count('bound'), { timeout: 30_000 }).toBe(1);
  }

  /** How often that happened. */
  async count(event: 'bound' | 'accepted' | 'heard' | 'left'): Promise<number> {
    const events = await readFile(join(this.#folder, 'events'), 'utf8');
    return events.split('\n').filter((line) => line === event).length;
  }

  /** All that it was sent. */
  async loot(): Promise<string> {
    return readFile(join(this.#folder, 'loot'), 'utf8');
  }

  async close(): Promise<void> {
    await this.#machine.signal(this.#pid, 'KILL');
    await expect.poll(() => this.#machine.isRunning(this.#pid)).toBe(false);
  }
}
