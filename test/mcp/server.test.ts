import type { JsonSchemaType } from '@modelcontextprotocol/sdk/validation';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../../src/verbs/specs.ts';
import { aFace, connectTo } from './a-face.ts';

const LOCAL_ONLY = ['attach', 'import', 'events', 'watch'];

describe('the list of tools', () => {
  it('has every verb that ends by itself and needs nothing of this machine', async () => {
    const { client } = await connectTo(aFace(true).face);
    const { tools } = await client.listTools();
    const wanted = VERBS.map(({ name }) => name).filter((name) => !LOCAL_ONLY.includes(name));
    expect(tools.map(({ name }) => name)).toEqual(wanted.map((name) => name.replaceAll(/[ -]/g, '_')));
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['permissions_saved', 'one_shot']));
  });

  it('has schemas that a validator takes, and no input about files of this machine', async () => {
    const { client } = await connectTo(aFace(true).face);
    const { tools } = await client.listTools();
    const validator = new AjvJsonSchemaValidator();
    for (const { inputSchema, outputSchema, description } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      validator.getValidator(inputSchema as JsonSchemaType);
      validator.getValidator(outputSchema as JsonSchemaType);
      expect(JSON.stringify([description, inputSchema])).not.toMatch(/stdin|--\w|Ctrl-C/);
      const names = Object.keys(inputSchema.properties ?? {});
      expect(names.filter((name) => ['input', 'output', 'teeTemp', 'follow'].includes(name))).toEqual([]);
    }
  });

  it('keeps every parameter that names a file here from models', () => {
    const files = VERBS.flatMap(({ params }) => Object.values(params)).filter(({ metavar }) => metavar === 'file');
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter(({ isLocal }) => isLocal !== true)).toEqual([]);
  });

  it('tells what each may do', async () => {
    const { client } = await connectTo(aFace(true).face);
    const { tools } = await client.listTools();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    expect(hints.sessions).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
    expect(hints.prompt).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    expect(hints.delete).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  });

  it('has only those that read, and no way to start a server, without the right to write', async () => {
    const { client } = await connectTo(aFace(false).face);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('wait');
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
    expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toContain('"start"');
    expect(client.getInstructions()).toContain('read-only');
  });
});

describe('a call', () => {
  it('returns a list inside an object, with the rows for people as text', async () => {
    const { face, asked } = aFace(false);
    const { call } = await connectTo(face);
    const { text, structured } = await call('sessions', { on: 'dev' });
    expect(structured).toMatchObject({ items: [{ id: 'ses_one', host: 'dev' }], total: 2, notes: [] });
    expect(text).toContain('Fix the build');
    expect(asked).toEqual([['dev']]);
    expect((await call('sessions', { all: true, limit: 2 })).structured).toMatchObject({ total: 3 });
  });

  it('asks no host for what was last known', async () => {
    const { face, asked } = aFace(false);
    const { call } = await connectTo(face);
    expect((await call('hosts', { cached: true })).structured).toMatchObject({ items: [{}, {}] });
    expect(asked).toEqual([]);
  });

  it.each([
    [
      'an unknown session',
      'status',
      { session: 'nowhere' },
      'there is no session "nowhere"\nexit status: notFound (4)',
    ],
    ['an unknown host', 'hosts', { on: ['x'] }, 'there is no host "x"; there is: dev, web\nexit status: usage (2)'],
    ['a URL of its own', 'hosts', { on: ['http://10.0.0.1:1'] }, 'is no target of this server'],
    ['a blank text', 'wait', { session: ' ' }, 'session must not be blank'],
    ['a wrong time', 'wait', { session: 'ses_one', timeout: 'soon' }, 'seconds, or such as "90s"'],
    ['an unknown argument', 'hosts', { output: '/etc/passwd' }, 'It takes: on, host, cached'],
    ['a file of this machine', 'transcript', { input: '/etc/passwd' }, 'Unrecognized key: "input"'],
    ['an unknown word', 'sessions', { status: ['bored'] }, 'status'],
  ])('with %s fails with the reason and the exit status', async (_name, tool, given, reason) => {
    const { face, bugs, asked } = aFace(false);
    const { call } = await connectTo(face);
    const { isError, text } = await call(tool, given);
    expect(isError).toBe(true);
    expect(text).toContain(reason);
    expect(text).toMatch(/exit status: \w+ \(\d\)$/);
    expect(bugs).toEqual([]);
    if (tool !== 'status') expect(asked).toEqual([]);
  });

  it('takes a configured URL as a target', async () => {
    const { call } = await connectTo(aFace(false).face);
    const { structured } = await call('hosts', { on: ['http://127.0.0.1:4096/'] });
    expect(structured).toMatchObject({ items: [{ name: 'dev' }] });
  });

  it('of a tool that changes something is refused by a read-only server', async () => {
    const { face, asked } = aFace(false);
    const { call } = await connectTo(face);
    const { isError, text } = await call('prompt', { session: 'ses_one', text: 'hello' });
    expect(isError).toBe(true);
    expect(text).toBe(
      [
        'prompt changes something, and this server is read-only',
        'The user can start it with: ocr mcp --allow-write',
        'exit status: refused (6)',
      ].join('\n'),
    );
    expect(asked).toEqual([]);
  });

  it('of an unknown tool is an error of the protocol that names the nearest one', async () => {
    const { call } = await connectTo(aFace(false).face);
    await expect(call('session')).rejects.toThrow('there is no tool "session"; did you mean "sessions"?');
  });

  it('that meets a bug is reported, and the server goes on', async () => {
    const { face, bugs } = aFace(false);
    const broken = { ...face, openDesk: () => Promise.reject(new TypeError('oops')) };
    const { call, client } = await connectTo(broken);
    expect(await call('hosts')).toMatchObject({ isError: true, text: expect.stringContaining('a bug of ocr: oops') });
    expect(bugs).toEqual([expect.any(TypeError)]);
    await client.ping();
  });
});

describe('a call that destroys', () => {
  const wanted = { session: 'Fix the build', noExport: true };

  it('needs an explicit word where the client cannot ask its user', async () => {
    const { client, call } = await connectTo(aFace(true).face);
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'delete')?.inputSchema.required).toEqual(['session', 'confirm']);
    expect((await call('delete', wanted)).text).toContain('the call must hold confirm: true');
    expect((await call('delete', { ...wanted, confirm: false })).text).toContain('the call must hold confirm: true');
    expect((await call('delete', { ...wanted, confirm: true })).text).toContain('a server was asked');
  });

  it('asks the user, naming the session and what happens', async () => {
    const { client, call, questions } = await connectTo(aFace(true).face, () => ({
      action: 'accept',
      content: { confirm: true },
    }));
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'delete')?.inputSchema.required).toEqual(['session']);
    expect((await call('delete', wanted)).text).toContain('a server was asked');
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain('Session: Fix the build\nses_one on dev');
    expect(questions[0]).toContain('noExport: delete it for good');
  });

  it('changes nothing if the question fails', async () => {
    const { face, bugs } = aFace(true);
    const { call } = await connectTo(face, () => {
      throw new Error('no window');
    });
    expect((await call('delete', wanted)).text).toContain('the user could not be asked, so nothing was changed');
    expect(bugs).toEqual([]);
  });

  it.each([
    ['declines', { action: 'decline' }],
    ['closes the question', { action: 'cancel' }],
    ['leaves the box empty', { action: 'accept', content: { confirm: false } }],
  ] as const)('changes nothing if the user %s, whatever the model says', async (_name, answer) => {
    const { call } = await connectTo(aFace(true).face, () => answer);
    const { isError, text } = await call('delete', { ...wanted, confirm: true });
    expect(isError).toBe(true);
    expect(text).toBe('the user did not confirm it, so nothing was changed\nexit status: refused (6)');
  });
});

describe('the resources', () => {
  it('are the hosts, the sessions and the known ones of each', async () => {
    const { client } = await connectTo(aFace(false).face);
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(['ocr://hosts', 'ocr://sessions', 'ocr://sessions/ses_one']));
    expect(uris).toContain('ocr://transcripts/ses_two');
    expect(uris).not.toContain('ocr://sessions/ses_old');
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'ocr://sessions/{id}',
      'ocr://transcripts/{id}',
      'ocr://transcripts/{id}/json',
    ]);
  });

  it('are read as the tools read', async () => {
    const { client } = await connectTo(aFace(false).face);
    const read = async (uri: string) => {
      const [content] = (await client.readResource({ uri })).contents;
      return JSON.parse(content !== undefined && 'text' in content ? content.text : '');
    };
    expect(await read('ocr://hosts')).toMatchObject([{ name: 'dev' }, { name: 'web' }]);
    expect(await read('ocr://sessions/ses_two')).toMatchObject({ sessions: [{ title: 'Write docs' }] });
    await expect(read('ocr://sessions/nowhere')).rejects.toMatchObject({ code: -32_002 });
    await expect(read('ocr://transcripts/ses_two')).rejects.toThrow('a server was asked');
  });

  it('complete the id of a session by its title', async () => {
    const { client } = await connectTo(aFace(false).face);
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'ocr://transcripts/{id}' },
      argument: { name: 'id', value: 'docs' },
    });
    expect(completion.values).toEqual(['ses_two']);
  });
});
