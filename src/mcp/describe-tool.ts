import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { VerbSpec } from '../verbs/spec.ts';
import { type InputOptions, inputShapeOf } from './tool-input.ts';
import { toolOutputOf } from './tool-output.ts';
import { toolWords } from './tool-words.ts';
import { toolNameOf } from './tools.ts';

/** Notes for the model, added to the summary of a verb. */
const MORE: Readonly<Record<string, string>> = {
  instances: 'Start here to learn which hosts there are.',
  sessions: 'The total counts archived sessions and those of subagents too; items leave them out unless all is true.',
  status: 'The cheapest way to see what needs the user.',
  prompt: 'It does not wait for the answer: use wait for that, or chat to get it at once.',
  wait: 'Returns at once if the session is idle already.',
  create: 'Returns its id.',
  approve: 'Only if the user wants that tool call to run.',
  one_shot: 'For questions that need no follow-up.',
  transcript: 'The whole session, which may be long: messages returns the last ones alone.',
};

/** Clients have a time limit of their own for calls, whatever the tool's `timeout` is. */
const TIMED = 'Sends progress. Its timeout must be below the time that the client allows a call.';

/** Describes a tool as clients list it. */
export async function describeTool(spec: VerbSpec, options: InputOptions): Promise<Tool> {
  const name = toolNameOf(spec);
  const summary = toolWords(spec.summary);
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  const { schema } = await toolOutputOf(spec);
  return {
    name,
    title: `ocr ${spec.name}`,
    description: [sentence, MORE[name], 'timeout' in spec.params ? TIMED : undefined].filter(Boolean).join(' '),
    inputSchema: { ...inputSchemaOf(spec, options), type: 'object' },
    outputSchema: { ...schema, type: 'object' },
    annotations: {
      readOnlyHint: spec.effect === 'reads',
      destructiveHint: spec.effect === 'destroys',
      idempotentHint: spec.effect === 'reads',
      // A change of a session may start a turn of a model there.
      openWorldHint: spec.effect !== 'reads',
    },
  };
}

function inputSchemaOf(spec: VerbSpec, options: InputOptions): Record<string, unknown> {
  return { ...z.toJSONSchema(inputShapeOf(spec, options), { io: 'input', target: 'draft-7' }) };
}
