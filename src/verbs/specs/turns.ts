import { duration, flag, local, option, optionalArgument } from '../param.ts';
import { describeVerb } from '../spec.ts';
import { agent, model, on, promptText, session, target } from './shared.ts';

const TURN_TIMEOUT_MS = 180_000;
const QUIET_MS = 1500;
const CHECK_TIMEOUT_MS = 10_000;

const patience = {
  timeout: duration('how long to wait for the answer', TURN_TIMEOUT_MS),
  quietFor: duration('how long an answer without an end must be unchanged', QUIET_MS),
} as const;

const place = {
  on: target,
  directory: option(
    'path',
    "the folder to work in; a relative one starts at the target's projects_path, ~ at its home",
  ),
} as const;

export const oneShot = describeVerb({
  name: 'one-shot',
  group: 'proven turns',
  summary: 'create a session, print its answer to one prompt, and delete it',
  params: {
    text: promptText,
    ...place,
    agent,
    model,
    yolo: flag('allow every tool call without a question'),
    ...patience,
  },
  examples: ["ocr one-shot 'Name the tests that fail.' --on dev --directory shop"],
  effect: 'changes',
});

export const beginSession = describeVerb({
  name: 'begin-session',
  group: 'proven turns',
  summary: 'create a session and return once it holds its first prompt; delete it if that fails',
  params: {
    text: promptText,
    ...place,
    agent,
    model,
    title: option('text', 'its title'),
    yolo: flag('allow every tool call without a question'),
  },
  examples: ["ocr begin-session 'Fix the tests.' --on dev --directory shop --json | jq -r .sessionID"],
  effect: 'changes',
});

export const chat = describeVerb({
  name: 'chat',
  group: 'proven turns',
  summary: 'continue a session and print its new answer',
  params: {
    session,
    text: promptText,
    on,
    agent,
    model,
    noReply: flag('queue the text for the next turn'),
    system: flag('record the text as a system prompt'),
    ...patience,
  },
  examples: [
    "ocr chat 'Fix the login' 'Now run the tests.' --timeout 10m",
    "ocr chat 'Fix the login' 'Answer in one line.' --system --no-reply",
  ],
  effect: 'changes',
});

export const wait = describeVerb({
  name: 'wait',
  group: 'proven turns',
  summary: 'wait until a session is idle, or asks something',
  params: { session, on, throughRequests: flag('keep waiting while it asks something'), ...patience },
  examples: ["ocr wait 'Fix the login' --timeout 10m --json | jq -r .outcome"],
  effect: 'reads',
});

export const final = describeVerb({
  name: 'final',
  group: 'proven turns',
  summary: 'continue a session, print its new answer, then export and delete it',
  params: { session, text: promptText, on, agent, model, ...patience },
  examples: ["ocr final 'Fix the login' 'Sum up what you changed.'"],
  effect: 'destroys',
});

export const transcript = describeVerb({
  name: 'transcript',
  group: 'proven turns',
  summary: 'print the transcript of a session as Markdown, or as JSON with --json',
  params: {
    session: optionalArgument('id of a session, the unique start of one, or its title'),
    on,
    input: local(option('file', 'read an export instead; - reads stdin')),
    output: local(option('file', 'write it there instead of printing it')),
    teeTemp: local(flag('also write it to a new file in the temporary folder, and name that on stderr')),
    follow: local(flag('keep printing what is added, until Ctrl-C')),
  },
  examples: ["ocr transcript 'Fix the login'", 'ocr transcript --input login.json --json'],
  effect: 'reads',
});

export const doctor = describeVerb({
  name: 'doctor',
  group: 'proven turns',
  summary: 'check the configuration, a target and its server',
  params: {
    on: target,
    skipServerCheck: flag('ask no server'),
    timeout: duration('how long a target may take', CHECK_TIMEOUT_MS),
  },
  examples: ['ocr doctor --on dev'],
  effect: 'reads',
});
