import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { runProgram } from '../support/fleet-program.ts';

let fleet: Fleet;
let directory: string;

/** A host without a server, reached by SSH. */
beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'] });
  directory = join(fleet.host('alpha').home, 'work/api');
  const config = join(fleet.directory, 'verbs.yaml');
  await writeFile(config, 'hosts: {local: false}\npolling: {timeout: 60s}\nallowed_models: [stub/echo]\n');
});
afterAll(() => fleet?.close());

const run = (words: readonly string[]) =>
  runProgram(
    ['--ssh-config', fleet.sshConfig, '--config', join(fleet.directory, 'verbs.yaml'), ...words],
    fleet.environment,
  );
async function json(words: readonly string[]) {
  const { code, stdout, stderr } = await run([...words, '--json']);
  if (code !== 0) throw new Error(`ocr ${words.join(' ')}: ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

describe('a host without a server', () => {
  it('gets one only where --start says so; later verbs find it', async () => {
    const words = ['create', '--directory', directory, '--title', 'Started'];
    expect(await run(words)).toMatchObject({ code: 3, stderr: expect.stringContaining('--start') });
    expect((await json(['instances']))[0]).toMatchObject({ name: 'alpha', servers: 0 });
    const { id } = await json([...words, '--start']);
    expect((await json(['instances']))[0]).toMatchObject({ name: 'alpha', kind: 'ssh', healthy: true, servers: 1 });
    expect((await json(['messages', id])).length).toBe(0);
  });
});

describe('a session', () => {
  const create = async (...more: string[]) =>
    (await json(['create', '--directory', directory, '--title', 'Session verbs', '--start', ...more])).id;

  it('is renamed, archived, brought back, forked, opened and diagnosed', async () => {
    const id = await create('--prompt', 'first words');
    expect(await json(['wait', id])).toMatchObject({ assistantMessage: { text: 'You said: first words' } });
    expect(await json(['rename', id, 'Another name'])).toEqual({ host: 'alpha', sessionID: id, title: 'Another name' });
    expect(await json(['archive', id])).toMatchObject({ archived: true, changed: true });
    expect((await json(['status', id])).sessions[0].status).toBe('archived');
    expect(await json(['archive', id, '--undo'])).toMatchObject({ archived: false, changed: true });
    expect(await json(['archive', id, '--undo'])).toMatchObject({ archived: false, changed: false });
    const copy = await json(['fork', id]);
    expect(copy).toMatchObject({ host: 'alpha', forkedFrom: id, directory });
    expect((await json(['messages', copy.id])).length).toBe(2);
    const opened = await json(['open', id]);
    expect(opened).toMatchObject({ directory, attach: `ocr attach ${id}`, url: expect.stringMatching(/^http:/) });
    expect(opened.command).toContain(`ssh -F ${fleet.sshConfig} -t alpha`);
    expect(await json(['diagnose', id])).toMatchObject({ session: { id }, findings: [{ level: 'ok' }] });
    const titles = (await json(['sessions', '--on', 'alpha'])).map(({ title }: { title: string }) => title);
    expect(titles).toContain('Another name');
  });

  it('comes back from its export with id, title and messages', async () => {
    const id = await create('--prompt', 'keep this');
    await json(['wait', id]);
    const { exportPath } = await json(['delete', id]);
    expect((await run(['messages', id])).code).toBe(4);
    expect(JSON.parse(await readFile(exportPath, 'utf8')).info.id).toBe(id);
    expect(await json(['import', exportPath, '--on', 'alpha'])).toMatchObject({ sessionID: id, messages: 2 });
    expect((await json(['messages', id])).map(({ text }: { text: string }) => text)).toEqual([
      ...['keep this', 'You said: keep this'],
    ]);
  });

  it('with --yolo asks nothing; an allowed model answers', async () => {
    const yolo = await json(['one-shot', 'ask permission', '--directory', directory, '--start', '--yolo']);
    expect(yolo.assistantMessage.text).toBe('Done.');
    const id = await create('--model', 'stub/echo');
    expect((await json(['chat', id, 'hello', '--model', 'stub/echo'])).assistantMessage.model).toBe('stub/echo');
    expect((await run(['chat', id, 'hello', '--model', 'stub/other'])).code).toBe(6);
    const models = await json(['models', '--directory', directory]);
    expect(models).toContainEqual(expect.objectContaining({ id: 'stub/echo', isDefault: true, isAllowed: true }));
  });

  it('may have rules that "always" made, of which each server keeps its own list', async () => {
    expect(await json(['permissions', 'saved'])).toEqual([]);
    expect((await run(['permissions', 'revoke', 'rule_nothing'])).code).toBe(4);
  });
});
