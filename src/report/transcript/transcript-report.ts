import * as z from 'zod';

/** Version of the shape below: raised when a field changes its meaning or goes, not when one is added. */
export const TRANSCRIPT_REPORT_VERSION = 1;

/** Kinds of parts that are shown. */
export const STEP_TYPES = [
  'text',
  'reasoning',
  'tool',
  'file',
  'subtask',
  'agent',
  'patch',
  'retry',
  'compaction',
] as const;

/** Seconds with three decimals, or `unknown` where a start or an end is not recorded. */
const durationSchema = z.string().regex(/^(?:\d+\.\d{3}s|unknown)$/);

const stepSchema = z.object({
  /** Place among all parts of the message from 1 on; parts that are not shown count too. */
  index: z.number(),
  /** Its type, with a name where it has one: `tool:bash`, `subtask:explore`. */
  heading: z.string(),
  type: z.enum(STEP_TYPES),
  /** Only of a tool, as are its status, input and output. */
  tool: z.string().optional(),
  /** opencode's word: `pending`, `running`, `completed` or `error`; old exports have others. */
  status: z.string().optional(),
  duration: durationSchema,
  /** Text, or JSON. */
  inputText: z.string().optional(),
  /** The result, the error, or the output so far. */
  outputText: z.string().optional(),
  /** The exact text of any other step; names of files instead of their content. */
  contentText: z.string().optional(),
});

const assistantMessageSchema = z.object({
  /** Place in its turn from 1 on. */
  index: z.number(),
  duration: durationSchema,
  /** The model's reason to end, such as `stop` or `tool-calls`; `unknown` if it has not ended, or failed. */
  finish: z.string(),
  /** Added to the original shape: several agents may answer in one session. */
  agent: z.string().nullable(),
  /** Added to the original shape: `provider/model`. */
  model: z.string().nullable(),
  /** Added to the original shape: why the message failed or was aborted. */
  error: z.string().nullable(),
  /** Added to the original shape: true if it is no answer but a summary of the conversation so far, by which opencode replaces it. */
  summary: z.boolean(),
  reasoning: z.array(z.string()),
  /** Its texts, joined by blank lines. */
  text: z.string(),
  /** All that is shown of it, in order; includes its reasoning and texts. */
  steps: z.array(stepSchema),
});

const turnSchema = z.object({
  /** Place in the session from 1 on. */
  index: z.number(),
  /** From the prompt to the end of the last answer; `unknown` if there is none, or it has not ended. */
  duration: durationSchema,
  systemPrompt: z.string().nullable(),
  /** Empty for a system prompt alone, a compaction, and answers whose prompt is missing. */
  userPrompt: z.string(),
  /** Added to the original shape: parts of the prompt that are not its words, such as files, mentioned agents and subtasks. */
  promptSteps: z.array(stepSchema),
  assistantMessages: z.array(assistantMessageSchema),
});

/** A session turn by turn, for scripts. A turn is a user's message and the answers to it. */
export const transcriptReportSchema = z.object({
  /** `unknown` in old exports. */
  directory: z.string(),
  sessionID: z.string(),
  title: z.string(),
  turns: z.array(turnSchema),
});

export type TranscriptStep = z.output<typeof stepSchema>;
export type TranscriptAnswer = z.output<typeof assistantMessageSchema>;
export type TranscriptTurn = z.output<typeof turnSchema>;
export type TranscriptReport = z.output<typeof transcriptReportSchema>;
