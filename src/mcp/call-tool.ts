import { type CallToolResult, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { nearestWord } from '../domain/nearest.ts';
import { describeAsking } from '../verbs/describe-asking.ts';
import { EXIT, exitStatusOf, VerbError } from '../verbs/exit-status.ts';
import { loadVerb } from '../verbs/load-verb.ts';
import type { VerbSpec } from '../verbs/spec.ts';
import { type AskUser, confirmed } from './confirm.ts';
import type { McpFace } from './face.ts';
import { Progress, type SendProgress } from './progress.ts';
import { parseToolInput } from './tool-input.ts';
import { toolOutputOf } from './tool-output.ts';
import { failureOf, successOf } from './tool-result.ts';
import { listedTools, toolNamed, toolNameOf } from './tools.ts';
import { checkCall, runVerb } from './verb-call.ts';

/** The client's side of a call. */
export interface Caller {
  readonly signal: AbortSignal;
  /** `null` if the client wants no progress. */
  readonly progress: SendProgress | null;
  readonly ask: AskUser;
}

export interface ToolCall {
  readonly name: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Runs a tool. Resolves to a failure that the model reads; rejects with an McpError for a tool that does not exist. */
export async function callTool(face: McpFace, { name, given }: ToolCall, caller: Caller): Promise<CallToolResult> {
  const spec = toolNamed(name);
  if (spec === undefined) throw new McpError(ErrorCode.InvalidParams, explainUnknown(name, face.mayWrite));
  const notes: string[] = [];
  const progress = new Progress(caller.progress, () => describeAsking([...face.fleet.getState().entries.values()]));
  try {
    return await run(face, spec, given, caller, notes, progress);
  } catch (thrown) {
    // A verb that has something to say about the end throws a VerbError itself.
    const { aborted, reason } = caller.signal;
    const error: unknown = aborted && !(thrown instanceof VerbError) ? reason : thrown;
    if (exitStatusOf(error) === null) face.onBug(error);
    return failureOf(error, notes);
  } finally {
    progress.close();
  }
}

async function run(
  face: McpFace,
  spec: VerbSpec,
  given: ToolCall['given'],
  { signal, ask }: Caller,
  notes: string[],
  progress: Progress,
): Promise<CallToolResult> {
  if (!face.mayWrite && spec.effect !== 'reads') {
    throw new VerbError(EXIT.refused, `${toolNameOf(spec)} changes something, and this server is read-only`, {
      hint: 'The user can start it with: ocr mcp --allow-write',
    });
  }
  const input = parseToolInput(spec, given, face.mayWrite);
  const desk = await face.openDesk({
    ...{ signal, isCached: input.isCached, mayStartServers: input.mayStartServers },
    wantsVersions: spec.wantsVersions === true,
    progress: (text) => progress.say(text),
    warn: (text) => {
      notes.push(text);
      progress.say(text);
    },
  });
  checkCall(desk, spec, input.verb);
  const agreed = spec.effect === 'destroys' ? await confirmed(desk, spec, input, ask) : input.verb;
  const value = await runVerb(desk, spec, agreed);
  const verb = await loadVerb(spec);
  const { structure } = await toolOutputOf(spec);
  const result = successOf(structure(value, agreed, notes), verb.text(value, agreed), notes);
  return verb.failed?.(value) === true ? { ...result, isError: true } : result;
}

function explainUnknown(name: string, mayWrite: boolean): string {
  const nearest = nearestWord(name, listedTools(mayWrite).map(toolNameOf));
  return `there is no tool "${name}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`;
}
