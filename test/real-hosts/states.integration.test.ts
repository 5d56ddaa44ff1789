import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { program } from '../support/fleet-program.ts';
import { LiveFleet, type MadeSession } from '../support/live-fleet.ts';
import { popupOf } from '../support/popup.ts';
import { waitUntil } from '../support/server-watch.ts';
import { Terminal } from '../support/terminal.ts';

const run = promisify(execFile);

let live: LiveFleet;
beforeAll(async () => {
  live = await LiveFleet.start();
});
afterAll(() => live?.close());

/** Its entry in `ocr sessions --json`, from a run without a cache. */
async function listed({ id }: MadeSession) {
  return (await live.listSessions()).find((session) => session.id === id);
}

const isBegun = (session: MadeSession) => async () => (await live.transcript(session)).includes('"role":"assistant"');

describe('a turn whose process was killed', () => {
  it('was interrupted, whatever idle server runs now; an opencode that we do not follow may work on it', async () => {
    const session = await live.begin('Cut off', 'count slowly');
    await waitUntil('it works', isBegun(session));
    expect(await listed(session)).toMatchObject({ status: 'working', live: true });
    await live.killServer();
    try {
      expect(await listed(session)).toMatchObject({ status: 'interrupted', live: false, attention: null });
    } finally {
      await live.startServer();
    }
    // The new server is the only opencode process, answers us, and says nothing of that turn. For the first ten seconds of a turn its server may only
    // not have told of it yet.
    await waitUntil('it was cut off', async () => (await listed(session))?.status === 'interrupted');
    expect(await listed(session)).toMatchObject({ status: 'interrupted', attention: null });

    const { home, machine } = live.fleet.host('alpha');
    const unseen = join(home, 'elsewhere', 'opencode');
    await mkdir(dirname(unseen), { recursive: true });
    await copyFile('/bin/sleep', unseen);
    const pid = await machine!.start(unseen, ['1000']);
    onTestFinished(() => machine!.signal(pid, 'KILL'));
    expect(await listed(session)).toMatchObject({ status: 'working' });
  });
});

describe('a message that only waits', () => {
  it('is no turn', async () => {
    const session = await live.begin('Told something', 'hello');
    await waitUntil('its turn has ended', async () => {
      const transcript = await live.transcript(session);
      return transcript.includes('You said: hello') && transcript.includes('"completed":');
    });
    const note = { noReply: true, parts: [{ type: 'text', text: 'for later' }] };
    await live.server.request('POST', `/session/${session.id}/message`, session.directory, note);
    await waitUntil('it is there', async () => (await live.transcript(session)).includes('for later'));
    expect(await listed(session)).toMatchObject({ status: 'active', attention: null });
    await live.killServer();
    try {
      expect(await listed(session)).toMatchObject({ status: 'active', attention: null });
    } finally {
      await live.startServer();
    }
  });
});

describe('two clones of one repository', () => {
  it('put each session under its own directory', async () => {
    const clone = `${live.directory}-clone`;
    await run('git', ['clone', '--quiet', live.directory, clone]);
    await mkdir(join(live.directory, 'deep'), { recursive: true });
    const [first, second, third] = [
      await live.begin('In the first', 'hello'),
      await live.begin('In the second', 'hello', clone),
      await live.begin('Deep in the first', 'hello', join(live.directory, 'deep')),
    ];
    expect(await listed(first)).toMatchObject({ project: live.directory, directory: live.directory });
    expect(await listed(second)).toMatchObject({ project: clone, directory: clone });
    expect(await listed(third)).toMatchObject({ project: live.directory, directory: join(live.directory, 'deep') });
  });
});

describe('this machine without opencode', () => {
  it('is no failure, and every key that wants opencode says how to get it', async () => {
    const home = join(live.fleet.directory, 'bare');
    await mkdir(home);
    const config = join(home, 'config.yaml');
    await writeFile(config, 'hosts: {local: true, include: []}\ndisplay: {theme: minimal, unicode: false}\n');
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
    const terminal = new Terminal('ocr-states', {
      ...live.fleet.environment,
      HOME: home,
      SHELL: '/bin/sh',
      PATH: path,
    });
    onTestFinished(() => terminal.close());
    await terminal.start(`node ${program} --ssh-config /dev/null --config ${config}`, 120, 30);
    const lines = await terminal.waitFor((screen) => popupOf(screen).includes('X no opencode on this machine'));
    expect(lines.join('\n')).not.toMatch(/fail/);
    for (const key of ['n', 'g', 'P']) {
      await terminal.keys('Escape');
      await terminal.waitFor('Nothing to close');
      await terminal.keys(key);
      await terminal.waitFor('local has no opencode; e shows how to install it');
    }
    await terminal.keys('e');
    await terminal.waitFor((screen) => {
      const [title = '', ...text] = popupOf(screen);
      return title.startsWith('local: no opencode') && text.join().includes('opencode.ai/install');
    });
  });
});
