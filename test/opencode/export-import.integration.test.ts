import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseExport, readExports } from '../../src/opencode/export-import.ts';
import { importSession } from '../../src/opencode/import-session.ts';
import { ServerCalls } from '../../src/opencode/server/server-calls.ts';
import { type OpencodeHost, say, startOpencodeHost } from '../actions/fleet/delete/opencode-host.ts';

const { signal } = new AbortController();
const LIMITS = { timeout: 60_000 };

describe('an export through the server', () => {
  let host: OpencodeHost;
  let id: string;

  beforeAll(async () => {
    host = await startOpencodeHost();
    const title = `-rf "quotes" $(touch ${host.home}/canary) \`id\` 100%\u2028ü`;
    const made = await host.client.createSession({ directory: host.project, title, agent: null, model: null }, signal);
    id = made.id;
    for (const text of ['hello', 'write todos', 'ask edit', 'ask subagent']) await say(host, id, text);
  });
  afterAll(() => host?.close());

  const exported = async () => await host.client.exportSessions({ id, directory: host.project }, signal);
  const temporary = async () => (await readdir(host.temporary)).filter((name) => name.startsWith('ocr-import.'));

  it('is what opencode itself exports, of the subagents too, whatever the size of a page', async () => {
    const all = await exported();
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ id, messages: 11, directory: host.project });
    for (const { id: one, text } of all) {
      expect(JSON.parse(text)).toEqual(JSON.parse(await host.opencode(host.project, 'export', one)));
    }
    const calls = new ServerCalls(host.access);
    for (const page of [1, 3, 11]) {
      const paged = await readExports(calls, { id, directory: host.project }, signal, page);
      expect(paged.map(({ text }) => JSON.parse(text))).toEqual(all.map(({ text }) => JSON.parse(text)));
    }
    await calls.close();
  });

  it('comes back by import as it was, by a turn that goes on from there', async () => {
    const before = await exported();
    const old = await Promise.all(before.map((one) => host.opencode(host.project, 'export', one.id)));
    await host.client.remove({ id, directory: host.project }, signal);
    for (const one of before) {
      expect(await host.client.session(one.id, host.project, signal)).toBeNull();
      await importSession(host.transport, one, { ...LIMITS, opencodePath: host.opencodePath }, signal);
    }
    const after = await Promise.all(before.map((one) => host.opencode(host.project, 'export', one.id)));
    expect(after.map((text) => JSON.parse(text))).toEqual(old.map((text) => JSON.parse(text)));
    expect((await exported()).map(({ text }) => JSON.parse(text))).toEqual(before.map(({ text }) => JSON.parse(text)));
    expect(await host.client.todos(id, host.project, signal)).toEqual([]);
    await say(host, id, 'are you there?');
    expect((await exported())[0]?.messages).toBe(13);
    expect(await temporary()).toEqual([]);
    expect(await readdir(host.home)).not.toContain('canary');
    expect(await readdir(host.project)).not.toContain('canary');
  });

  it('is not imported where the directory is gone, nor anything that opencode refuses', async () => {
    const [own] = await exported();
    if (own === undefined) throw new Error('no export');
    await rename(host.project, `${host.project}.away`);
    const options = { ...LIMITS, opencodePath: host.opencodePath };
    await expect(importSession(host.transport, own, options, signal)).rejects.toThrow(
      `its directory is gone: create ${host.project} again first`,
    );
    await rename(`${host.project}.away`, host.project);
    const broken = { ...own, text: JSON.stringify({ info: { id: 1 }, messages: [] }) };
    await expect(importSession(host.transport, broken, options, signal)).rejects.toThrow(/opencode import failed: \S/);
    const missing = { ...LIMITS, opencodePath: '/no/opencode' };
    await expect(importSession(host.transport, own, missing, signal)).rejects.toThrow(/no\/opencode/);
    expect(await temporary()).toEqual([]);
  });

  it('arrives whole on the host however long its lines are', async () => {
    const [own] = await exported();
    if (own === undefined) throw new Error('no export');
    const copy = join(host.home, 'copy.json');
    const program = join(host.home, 'fake-opencode');
    await writeFile(program, `#!/bin/sh\ncat "$2" >'${copy}'; ls -l "$2" >>'${copy}.mode'\n`, { mode: 0o755 });
    const content = JSON.parse(own.text);
    content.messages[0].parts.push({ text: `OCR_END_OF_CHUNK\n${`'"\\$(x)\`ü€😀\u0000\r\n`.repeat(200_000)}` });
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await importSession(host.transport, { ...own, text }, { ...LIMITS, opencodePath: program }, signal);
    expect(parseExport(await readFile(copy, 'utf8')).id).toBe(id);
    expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual(content);
    expect(await readFile(`${copy}.mode`, 'utf8')).toMatch(/^-rw-------/);
    await rm(copy);
  });

  it('leaves nothing on the host when it is given up', async () => {
    const [own] = await exported();
    if (own === undefined) throw new Error('no export');
    const program = join(host.home, 'slow-opencode');
    await writeFile(program, `#!/bin/sh\necho begun >'${host.home}/begun'; sleep 30\n`, { mode: 0o755 });
    const stop = new AbortController();
    const importing = importSession(host.transport, own, { ...LIMITS, opencodePath: program }, stop.signal);
    importing.catch(() => {});
    await vi.waitFor(() => readFile(join(host.home, 'begun')), { timeout: 20_000 });
    expect(await temporary()).toHaveLength(1);
    stop.abort();
    await expect(importing).rejects.toThrow('cancelled');
    await vi.waitFor(async () => expect(await temporary()).toEqual([]), { timeout: 20_000 });
  });
});
