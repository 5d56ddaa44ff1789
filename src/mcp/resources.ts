import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ErrorCode, McpError, type ReadResourceResult, type Resource } from '@modelcontextprotocol/sdk/types.js';
import { hintLinesOf, messageOf } from '../lib/errors.ts';
import { EXIT, exitStatusOf } from '../verbs/exit-status.ts';
import { loadVerb } from '../verbs/load-verb.ts';
import type { VerbSpec } from '../verbs/spec.ts';
import { verbNamed } from '../verbs/specs.ts';
import type { McpFace } from './face.ts';
import { knownSessions, matchingIds } from './known-sessions.ts';
import type { RunningCalls } from './running-calls.ts';
import { parseToolInput } from './tool-input.ts';
import { checkCall, runVerb } from './verb-call.ts';

/** The protocol's code for a resource that does not exist. */
const RESOURCE_NOT_FOUND = -32_002;

interface Reading {
  readonly uri: string;
  readonly verb: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly mimeType: 'application/json' | 'text/markdown';
  readonly signal: AbortSignal;
}

/** Registers hosts, sessions and transcripts as resources. Each is read as the tool of its verb would. */
export function registerResources(mcp: McpServer, face: McpFace, calls: RunningCalls): void {
  const json = 'application/json';
  const fixed = { hosts: 'every host, with its state', sessions: 'every session of every host, newest first' };
  for (const [verb, description] of Object.entries(fixed)) {
    const uri = `ocr://${verb}`;
    mcp.registerResource(verb, uri, { description, mimeType: json }, (_, { signal }) =>
      calls.run(signal, (ended) => read(face, { uri, verb, given: {}, mimeType: json, signal: ended })),
    );
  }
  const perSession = [
    ['session', 'ocr://sessions/{id}', 'the state of one session', 'status', json],
    ['transcript', 'ocr://transcripts/{id}', 'a session as Markdown', 'transcript', 'text/markdown'],
    ['transcript-json', 'ocr://transcripts/{id}/json', 'a session as JSON', 'transcript', json],
  ] as const;
  for (const [name, template, description, verb, mimeType] of perSession) {
    const uriOf = (id: string) => template.replace('{id}', encodeURIComponent(id));
    const list = () => ({
      resources: knownSessions(face.fleet).map(
        ({ id, title, host }): Resource => ({
          uri: uriOf(id),
          name: `${title} (${name})`,
          description: host,
          mimeType,
        }),
      ),
    });
    mcp.registerResource(
      name,
      new ResourceTemplate(template, {
        // One listing is enough for clients that show every resource.
        list: name === 'transcript-json' ? undefined : list,
        complete: { id: (typed) => matchingIds(face.fleet, typed) },
      }),
      { description, mimeType },
      ({ href }, { id }, { signal }) => {
        const given = { session: decodeURIComponent(String(id)) };
        return calls.run(signal, (ended) => read(face, { uri: href, verb, given, mimeType, signal: ended }));
      },
    );
  }
}

async function read(face: McpFace, { uri, verb, given, mimeType, signal }: Reading): Promise<ReadResourceResult> {
  const spec = verbNamed(verb);
  if (spec === undefined) throw new Error(`there is no verb ${verb}`);
  try {
    return { contents: [{ uri, mimeType, text: await textOf(face, spec, given, mimeType, signal) }] };
  } catch (error) {
    const status = exitStatusOf(error);
    if (status === null) face.onBug(error);
    const code = status === EXIT.notFound ? RESOURCE_NOT_FOUND : ErrorCode.InternalError;
    throw new McpError(code, [messageOf(error), ...hintLinesOf(error)].join('\n'));
  }
}

async function textOf(
  face: McpFace,
  spec: VerbSpec,
  given: Reading['given'],
  mimeType: Reading['mimeType'],
  signal: AbortSignal,
): Promise<string> {
  const input = parseToolInput(spec, given, face.mayWrite);
  const desk = await face.openDesk({
    ...{ signal, isCached: false, mayStartServers: false, wantsVersions: spec.wantsVersions === true },
    progress: () => {},
    warn: () => {},
  });
  checkCall(desk, spec, input.verb);
  const value = await runVerb(desk, spec, input.verb);
  return mimeType === 'application/json'
    ? JSON.stringify(value, null, 2)
    : (await loadVerb(spec)).text(value, input.verb);
}
