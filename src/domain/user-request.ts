import { hidesSomething, visible } from './visible.ts';

interface RequestBase {
  readonly id: string;
  /** The session that asks, possibly a subagent's. */
  readonly sessionId: string;
  /** The directory to answer it in: the server keeps requests apart by it. */
  readonly directory: string;
  /** When the host was asked, epoch milliseconds. */
  readonly since: number;
}

/** A tool call that needs the user's permission. */
export interface PermissionRequest extends RequestBase {
  readonly kind: 'permission';
  /** The kind of action, such as `bash`, `edit`, `webfetch`. */
  readonly permission: string;
  /** Its targets: commands, paths, addresses. */
  readonly patterns: readonly string[];
  /** The scope that `always` would allow from then on. */
  readonly always: readonly string[];
  /** The whole command, for a command. */
  readonly command: string | null;
  /** The file, if it is about one. */
  readonly path: string | null;
  /** The unified diff, for an edit. */
  readonly diff: string | null;
  /** The tool's other facts, as JSON texts by name. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface QuestionOption {
  readonly label: string;
  readonly description: string;
}

export interface QuestionItem {
  readonly header: string;
  readonly question: string;
  readonly options: readonly QuestionOption[];
  /** True if several options may be picked. */
  readonly multiple: boolean;
  /** True if a custom answer may be typed. */
  readonly custom: boolean;
}

/** Questions of a session's model to the user, asked one after the other and answered together. */
export interface QuestionRequest extends RequestBase {
  readonly kind: 'question';
  readonly questions: readonly QuestionItem[];
}

/** A request of a session that waits for the user. */
export type UserRequest = PermissionRequest | QuestionRequest;

/** Describes the request on one line, with invisible characters named. */
export function describeRequest(request: UserRequest): string {
  if (request.kind === 'question') {
    const [first] = request.questions;
    const more = request.questions.length - 1;
    return `${visible(first?.question ?? 'a question')}${more > 0 ? ` (and ${more} more)` : ''}`;
  }
  const what = request.command ?? request.path ?? request.patterns.join(' ');
  return visible(what === '' ? request.permission : `${request.permission}: ${what}`);
}

/** What a permission lets the agent do, as a verb; others are named as the server names them. */
const VERBS: Readonly<Record<string, string>> = {
  bash: 'run',
  webfetch: 'fetch',
  websearch: 'search the web for',
  task: 'start',
  external_directory: 'work outside the project in',
};

/** Returns the verb for what a permission allows, such as `run` or `edit`; printable. */
export function verbOf({ permission }: PermissionRequest): string {
  return VERBS[permission] ?? visible(permission);
}

/** Returns what a permission is about: the command, the path, or the patterns; printable, maybe empty. */
export function targetOf({ command, path, patterns }: PermissionRequest): string {
  return visible(command ?? path ?? patterns.join(' '));
}

/** Names a request on one line as the screen does: a command alone, else what is done with which target. */
export function nameRequest(request: UserRequest): string {
  if (request.kind === 'question') return describeRequest(request);
  const target = targetOf(request);
  return request.command === null || target === '' ? `${verbOf(request)} ${target}`.trimEnd() : target;
}

/** True if the request contains characters that cannot be painted as they are, such as control characters. */
export function isObscure(request: UserRequest): boolean {
  return textsOf(request).some(hidesSomething);
}

function textsOf(request: UserRequest): readonly string[] {
  if (request.kind === 'question') {
    return request.questions.flatMap(({ header, question, options }) => [
      header,
      question,
      ...options.flatMap(({ label, description }) => [label, description]),
    ]);
  }
  const { permission, command, path, patterns, always, diff, facts } = request;
  return [permission, command ?? '', path ?? '', ...patterns, ...always, diff ?? '', ...Object.entries(facts).flat()];
}

/** The warning for a request that `isObscure`. */
export const OBSCURE_TEXT = 'It contains invisible characters, shown by name, such as ^[ or <202e>.';
