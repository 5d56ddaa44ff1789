import { argument, count, flag, local, option, optionalArgument, options, restArguments } from '../param.ts';
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
  examples: [
    "ocr create --on dev --directory shop --title 'Add search'",
    "ocr create --on dev --directory shop --yolo --prompt 'Add tests.' --json | jq -r .id",
  ],
  effect: 'changes',
});

export const prompt = describeVerb({
  name: 'prompt',
  group: 'sessions',
  summary: 'send a prompt and return once the session holds it',
  params: { session, text: promptText, on, model, agent },
  examples: ["ocr prompt 'Fix the login' 'Now run the tests.'", "git log -1 | ocr prompt 'Fix the login' -"],
  effect: 'changes',
});

export const messages = describeVerb({
  name: 'messages',
  group: 'sessions',
  summary: 'print the last messages of a session',
  params: { session, on, limit: count('how many', MESSAGES_LISTED) },
  examples: ["ocr messages 'Fix the login' --limit 5"],
  effect: 'reads',
});

export const abort = describeVerb({
  name: 'abort',
  group: 'sessions',
  summary: 'stop the running turn of a session',
  params: { session, on },
  examples: ["ocr abort 'Fix the login'"],
  effect: 'changes',
  isLive: true,
});

export const models = describeVerb({
  name: 'models',
  group: 'sessions',
  summary: 'list the models of a target, and which of them --model accepts',
  params: { on: target, directory: option('path', 'as its project configures them') },
  examples: ['ocr models --on dev', "ocr models --on dev --json | jq -r '.[] | select(.isAllowed) | .id'"],
  effect: 'reads',
});

export const diagnose = describeVerb({
  name: 'diagnose',
  group: 'sessions',
  summary: 'tell what a session does, waits for or failed at, and what to do about it',
  params: { session, on },
  examples: ["ocr diagnose 'Fix the login'"],
  effect: 'reads',
  isLive: true,
});

export const rename = describeVerb({
  name: 'rename',
  group: 'sessions',
  summary: 'change the title of a session',
  params: { session, title: argument('the new title'), on },
  examples: ["ocr rename 'Fix the login' 'Fix the logout'"],
  effect: 'changes',
});

export const archive = describeVerb({
  name: 'archive',
  group: 'sessions',
  summary: 'archive a session',
  params: { session, on, undo: flag('take it out of the archive') },
  examples: ["ocr archive 'Fix the login'", "ocr archive 'Fix the login' --undo"],
  effect: 'changes',
});

export const fork = describeVerb({
  name: 'fork',
  group: 'sessions',
  summary: 'copy a session so far into a new one',
  params: { session, on },
  examples: ["ocr fork 'Fix the login'"],
  effect: 'changes',
});

export const remove = describeVerb({
  name: 'delete',
  group: 'sessions',
  summary: 'export a session, then delete it; ocr import brings it back to a host with a shell',
  params: { session, on, noExport: flag('delete it for good') },
  examples: ["ocr delete 'Fix the login'"],
  effect: 'destroys',
  isLive: true,
});

export const exportSession = describeVerb({
  name: 'export',
  group: 'sessions',
  summary: 'print a session with all its messages, as opencode export does',
  params: { session, on, output: local(option('file', 'write it there (0600), whole or not at all')) },
  examples: ["ocr export 'Fix the login' --output login.json"],
  effect: 'reads',
});

export const importSession = describeVerb({
  name: 'import',
  group: 'sessions',
  summary: 'bring an exported session to a host, in its own directory',
  params: { file: argument('an export of ocr or opencode; - reads stdin'), on: target },
  examples: ['ocr import login.json --on local'],
  effect: 'changes',
  isLocalOnly: true,
});

export const attach = describeVerb({
  name: 'attach',
  group: 'sessions',
  summary: 'open a session in this terminal',
  params: { session, on },
  examples: ["ocr attach 'Fix the login'"],
  effect: 'changes',
  isLocalOnly: true,
});

export const open = describeVerb({
  name: 'open',
  group: 'sessions',
  summary: 'print where a session is: its server, and the command that opens it',
  params: { session, on },
  examples: ["ocr open 'Fix the login'"],
  effect: 'reads',
});

export const permissions = describeVerb({
  name: 'permissions',
  group: 'requests',
  summary: 'list the permissions that sessions wait for',
  params: { on, session: option('session', 'only those of that session') },
  examples: ['ocr permissions', "ocr permissions --json | jq -r '.[] | [.id, .permission, .command] | @tsv'"],
  effect: 'reads',
  isLive: true,
});

export const permissionsSaved = describeVerb({
  name: 'permissions saved',
  group: 'requests',
  summary: 'list the rules that "always" made, where the server keeps them',
  params: { on },
  examples: ['ocr permissions saved --on dev'],
  effect: 'reads',
  isLive: true,
});

export const permissionsRevoke = describeVerb({
  name: 'permissions revoke',
  group: 'requests',
  summary: 'remove such a rule',
  params: { rule: argument('id of the rule'), on },
  examples: ['ocr permissions revoke RULE --on dev'],
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
  examples: ["ocr approve 'Fix the login'", "ocr approve --all --where 'touch *'"],
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
  examples: ["ocr reject 'Fix the login' --message 'Use the staging database.'"],
  effect: 'changes',
  isLive: true,
});

export const questions = describeVerb({
  name: 'questions',
  group: 'requests',
  summary: 'list the questions that sessions wait for',
  params: { on, session: option('session', 'only those of that session') },
  examples: ["ocr questions --session 'Fix the login'"],
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
  examples: ["ocr answer 'Fix the login' SQLite"],
  effect: 'changes',
  isLive: true,
});
