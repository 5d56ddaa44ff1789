import { argument, count, flag, option, optionalArgument, options, restArguments } from '../param.ts';
import { describeVerb } from '../spec.ts';
import { agent, model, on, promptText, session, target } from './shared.ts';

const MESSAGES_LISTED = 20;

export const create = describeVerb({
  name: 'create',
  group: 'sessions',
  summary: 'create a session',
  params: {
    on: target,
    title: option('text', 'its title'),
    directory: option('path', "its folder; a relative one starts at the target's projects_path, ~ at its home"),
    model,
    agent,
    yolo: flag('allow every tool call without a question'),
    prompt: option('text', 'send this as its first prompt'),
  },
  effect: 'changes',
});

export const prompt = describeVerb({
  name: 'prompt',
  group: 'sessions',
  summary: 'send a prompt and return once the session holds it',
  params: { session, text: promptText, on, model, agent },
  effect: 'changes',
});

export const messages = describeVerb({
  name: 'messages',
  group: 'sessions',
  summary: 'print the last messages of a session',
  params: { session, on, limit: count('how many', MESSAGES_LISTED) },
  effect: 'reads',
});

export const abort = describeVerb({
  name: 'abort',
  group: 'sessions',
  summary: 'stop the running turn of a session',
  params: { session, on },
  effect: 'changes',
  isLive: true,
});

export const models = describeVerb({
  name: 'models',
  group: 'sessions',
  summary: 'list the models of a target, and which of them --model accepts',
  params: { on: target, directory: option('path', 'as its project configures them') },
  effect: 'reads',
});

export const diagnose = describeVerb({
  name: 'diagnose',
  group: 'sessions',
  summary: 'tell what a session does, waits for or failed at, and what to do about it',
  params: { session, on },
  effect: 'reads',
  isLive: true,
});

export const rename = describeVerb({
  name: 'rename',
  group: 'sessions',
  summary: 'change the title of a session',
  params: { session, title: argument('the new title'), on },
  effect: 'changes',
});

export const archive = describeVerb({
  name: 'archive',
  group: 'sessions',
  summary: 'archive a session',
  params: { session, on, undo: flag('take it out of the archive') },
  effect: 'changes',
});

export const fork = describeVerb({
  name: 'fork',
  group: 'sessions',
  summary: 'copy a session so far into a new one',
  params: { session, on },
  effect: 'changes',
});

export const remove = describeVerb({
  name: 'delete',
  group: 'sessions',
  summary: 'export a session, then delete it; ocr import brings it back',
  params: { session, on, noExport: flag('delete it for good') },
  effect: 'destroys',
  isLive: true,
});

export const exportSession = describeVerb({
  name: 'export',
  group: 'sessions',
  summary: 'print a session with all its messages, as opencode export does',
  params: { session, on, output: option('file', 'write it there (0600), whole or not at all') },
  effect: 'reads',
});

export const importSession = describeVerb({
  name: 'import',
  group: 'sessions',
  summary: 'bring an exported session to a host, in its own directory',
  params: { file: argument('an export of ocr or opencode; - reads stdin'), on: target },
  effect: 'changes',
  isLocalOnly: true,
});

export const attach = describeVerb({
  name: 'attach',
  group: 'sessions',
  summary: 'open a session in this terminal',
  params: { session, on },
  effect: 'changes',
  isLocalOnly: true,
});

export const open = describeVerb({
  name: 'open',
  group: 'sessions',
  summary: 'print where a session is: its server, and the command that opens it',
  params: { session, on },
  effect: 'reads',
});

export const permissions = describeVerb({
  name: 'permissions',
  group: 'requests',
  summary: 'list the permissions that sessions wait for',
  params: { on, session: option('session', 'only those of that session') },
  effect: 'reads',
  isLive: true,
});

export const permissionsSaved = describeVerb({
  name: 'permissions saved',
  group: 'requests',
  summary: 'list the rules that "always" made, where the server keeps them',
  params: { on },
  effect: 'reads',
  isLive: true,
});

export const permissionsRevoke = describeVerb({
  name: 'permissions revoke',
  group: 'requests',
  summary: 'remove such a rule',
  params: { rule: argument('id of the rule'), on },
  effect: 'changes',
  isLive: true,
});

const where = options('glob', 'with --all: only commands, paths or kinds that match');

export const approve = describeVerb({
  name: 'approve',
  group: 'requests',
  summary: 'allow what a permission asks for, and check that it was accepted',
  params: {
    request: optionalArgument('id of the permission, the unique start of one, or the session that waits for it'),
    on,
    always: flag('allow it from now on'),
    all: flag('every pending permission'),
    where,
  },
  effect: 'changes',
  isLive: true,
});

export const reject = describeVerb({
  name: 'reject',
  group: 'requests',
  summary: 'reject a permission or a question, and check that it was accepted',
  params: {
    request: optionalArgument('id of the request, the unique start of one, or the session that waits for it'),
    on,
    message: option('text', 'tell the model why'),
    all: flag('every pending permission'),
    where,
  },
  effect: 'changes',
  isLive: true,
});

export const questions = describeVerb({
  name: 'questions',
  group: 'requests',
  summary: 'list the questions that sessions wait for',
  params: { on, session: option('session', 'only those of that session') },
  effect: 'reads',
  isLive: true,
});

export const answer = describeVerb({
  name: 'answer',
  group: 'requests',
  summary: 'answer a question, and check that it was accepted',
  params: {
    request: argument('id of the question, the unique start of one, or the session that waits for it'),
    answers: restArguments('an answer for each question, in order; several choices of one as a,b', true),
    on,
  },
  effect: 'changes',
  isLive: true,
});
