import { SESSION_STATUSES } from '../../fleet/session-status.ts';
import { duration, flag, option, optionalArgument, optionalCount, options } from '../param.ts';
import { describeVerb } from '../spec.ts';
import { hostParams } from './shared.ts';

/** Milliseconds between two heartbeats of a stream. */
const HEARTBEAT_MS = 30_000;

const listing = {
  ...hostParams,
  status: options('state', 'list only sessions in that state', SESSION_STATUSES),
  project: option('glob', 'list only sessions of projects whose path or last folder matches'),
  attention: flag('list only sessions that need you'),
  filter: option('filter', "list only sessions that fit a filter of the dashboard's, such as 'state:working cost:>1'"),
} as const;

export const hosts = describeVerb({
  name: 'hosts',
  group: 'fleet',
  summary: 'ask every host once and list them',
  params: hostParams,
  examples: ['ocr hosts', `ocr hosts --json | jq -r '.[] | select(.status != "online") | .name'`],
  effect: 'reads',
  isLive: true,
  wantsVersions: true,
});

export const instances = describeVerb({
  name: 'instances',
  group: 'fleet',
  summary: 'list every target with its health, version and counts; what was last known of one out of reach',
  params: hostParams,
  examples: ['ocr instances', 'ocr instances --on dev --json'],
  effect: 'reads',
  isLive: true,
});

export const sync = describeVerb({
  name: 'sync',
  group: 'fleet',
  summary: 'ask every target for its sessions and keep where they live',
  params: hostParams,
  examples: ['ocr sync'],
  effect: 'reads',
});

export const sessions = describeVerb({
  name: 'sessions',
  group: 'fleet',
  summary: 'list sessions, newest first',
  params: {
    ...listing,
    limit: optionalCount('how many to list; 30 in a table, all as JSON'),
    all: flag('list archived sessions and those of subagents too (--json does)'),
  },
  examples: ['ocr sessions --status working', "ocr sessions --attention --json | jq -r '.[].id'"],
  effect: 'reads',
  isLive: true,
});

export const status = describeVerb({
  name: 'status',
  group: 'fleet',
  summary: 'show what works, what needs you, and how many sessions each target has',
  params: {
    ...hostParams,
    session: optionalArgument('show one session: its id, the unique start of one, or its title'),
  },
  examples: ['ocr status', "ocr status 'Fix the login' --json | jq -r '.sessions[0].status'"],
  effect: 'reads',
  isLive: true,
});

export const events = describeVerb({
  name: 'events',
  group: 'fleet',
  summary: 'print the events of servers as they come, one line of JSON each',
  params: {
    ...hostParams,
    session: option('session', 'only events of that session'),
    after: option('cursor', 'continue one session after this cursor, where its server keeps events'),
    heartbeat: duration('print a heartbeat that often', HEARTBEAT_MS),
  },
  examples: ["ocr events --session 'Fix the login'"],
  effect: 'reads',
  isStream: true,
});

export const watch = describeVerb({
  name: 'watch',
  group: 'fleet',
  summary: 'print each change of a session or host, one line of JSON each',
  params: { ...listing, heartbeat: duration('print a heartbeat that often', HEARTBEAT_MS) },
  examples: ['ocr watch --attention', 'ocr watch --on dev --heartbeat 10s'],
  effect: 'reads',
  isLive: true,
  isStream: true,
});
