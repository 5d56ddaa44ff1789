import type { HostEntry } from '../../src/domain/fleet.ts';
import { DEFAULT_PRIORITY, type Host, type SshOptions } from '../../src/domain/host.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import type { LoginEnvironment } from '../../src/domain/login.ts';
import type { HostKeyQuestion, SecretQuestion } from '../../src/domain/question.ts';
import type { Server } from '../../src/domain/server.ts';
import type { Session } from '../../src/domain/session.ts';
import type { ProbeFailure, Snapshot } from '../../src/domain/snapshot.ts';
import type { PermissionRequest, QuestionRequest } from '../../src/domain/user-request.ts';
import type { ViewSettings } from '../../src/store/settings.ts';

/** The time at which the tests take place: 2026-01-02T03:04:05Z. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SETTINGS: ViewSettings = {
  sortBy: 'last_activity',
  showArchived: false,
  maxDisplay: 50,
  activeThreshold: 10 * MINUTE,
  idleThreshold: DAY,
  stalledAfter: 5 * MINUTE,
  snooze: HOUR,
  readonly: false,
  groups: true,
  animation: false,
  enterAnswers: true,
  columns: { fleet: null, sessions: null, hosts: null },
  demo: false,
};

export function sshOptions(changes: Partial<SshOptions> = {}): SshOptions {
  return {
    hostname: 'web1.example.org',
    port: 22,
    user: 'ada',
    addressFamily: 'any',
    bindAddress: null,
    connectTimeout: null,
    connectionAttempts: 1,
    serverAliveInterval: 0,
    serverAliveCountMax: 3,
    proxyJump: null,
    proxyCommand: null,
    userKnownHostsFiles: [],
    globalKnownHostsFiles: [],
    hostKeyAlias: null,
    hostKeyPolicy: 'ask',
    hashKnownHosts: false,
    identityFiles: [],
    certificateFiles: [],
    identitiesOnly: false,
    useKeychain: false,
    identityAgent: undefined,
    authenticationMethods: ['publickey', 'keyboard-interactive', 'password'],
    passwordPrompts: 3,
    forwardAgent: false,
    algorithms: { ciphers: [], macs: [], kex: [], hostKeys: [], publicKeys: [] },
    requiredRsaSize: 1024,
    compression: false,
    setEnv: {},
    sendEnv: [],
    controlPath: null,
    opensshOnly: [],
    notUsed: [],
    ...changes,
  };
}

export function aHost(changes: Partial<Host> = {}): Host {
  const alias = changes.alias ?? 'web1';
  return {
    alias,
    label: alias,
    group: null,
    priority: DEFAULT_PRIORITY,
    route: { kind: 'ssh', options: sshOptions() },
    opencodePath: null,
    ...changes,
  };
}

export function aSession(changes: Partial<Session> = {}): Session {
  return {
    id: 'ses_1',
    parentId: null,
    title: 'Fix the login page',
    directory: '/srv/shop',
    project: '/srv/shop',
    created: NOW - 2 * HOUR,
    updated: NOW - HOUR,
    archived: null,
    turn: 'ended',
    error: null,
    agent: null,
    model: null,
    messages: null,
    cost: null,
    tokens: null,
    additions: null,
    deletions: null,
    files: null,
    ...changes,
  };
}

export function aSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    at: NOW,
    latency: 12,
    clockOffset: 0,
    clock: null,
    opencode: { path: '/usr/bin/opencode', version: '1.18.0', identity: 'one' },
    rung: 'sqlite3',
    readAt: NOW,
    passedOver: [],
    databasePath: '/home/ada/.local/share/opencode/opencode.db',
    doubt: null,
    confirmed: null,
    candidates: 1,
    wrapped: false,
    login: null,
    fingerprint: '1 2.3 4',
    processes: null,
    servers: [],
    connection: null,
    sessions: [],
    ...changes,
  };
}

export function aLogin(changes: Partial<LoginEnvironment> = {}): LoginEnvironment {
  return {
    shell: '/bin/bash',
    asked: [
      { mode: 'login', outcome: 'answered' },
      { mode: 'interactive', outcome: 'answered' },
    ],
    mode: 'login',
    path: '/usr/bin:/bin',
    opencode: '/usr/bin/opencode',
    variables: {},
    duration: 40,
    profiles: 'one',
    readAt: NOW,
    ...changes,
  };
}

export function aServer(changes: Partial<Server> = {}): Server {
  return {
    ...{
      pid: 42,
      startId: '7',
      hostname: '127.0.0.1',
      port: 4096,
      directory: '/home/ada',
      version: '1.18.33',
      own: false,
    },
    ...changes,
  };
}

export function aPermission(changes: Partial<PermissionRequest> = {}): PermissionRequest {
  return {
    ...{ kind: 'permission', id: 'per_1', sessionId: 'ses_1', directory: '/srv/shop', since: NOW, permission: 'bash' },
    ...{ patterns: ['npm test'], always: ['npm *'], command: 'npm test', path: null, diff: null, facts: {} },
    ...changes,
  };
}

export function aQuestion(changes: Partial<QuestionRequest> = {}): QuestionRequest {
  const options = [
    { label: 'Redis', description: 'in memory' },
    { label: 'Postgres', description: 'on disk' },
  ];
  return {
    ...{ kind: 'question', id: 'que_1', sessionId: 'ses_1', directory: '/srv/shop', since: NOW },
    questions: [{ header: 'Database', question: 'Which database?', options, multiple: false, custom: true }],
    ...changes,
  };
}

export function aFailure(changes: Partial<ProbeFailure> = {}): ProbeFailure {
  return {
    status: 'offline',
    reason: 'connection refused',
    hint: null,
    at: NOW,
    latency: null,
    blockedBy: null,
    connection: null,
    ...changes,
  };
}

export function anEntry(changes: Partial<HostEntry> = {}): HostEntry {
  return {
    ...{
      host: aHost(),
      snapshot: null,
      live: NOTHING_LIVE,
      failure: null,
      refreshing: false,
      waitsForLogin: false,
      fresh: false,
    },
    ...changes,
  };
}

/** A host that has just answered with these sessions. */
export function answered(alias: string, sessions: readonly Session[], changes: Partial<Host> = {}): HostEntry {
  return anEntry({ host: aHost({ alias, ...changes }), snapshot: aSnapshot({ sessions }), fresh: true });
}

/** A picture that `ssh-keygen -lv` draws of some key. */
export const RANDOMART = [
  '+--[ED25519 256]--+',
  '|         .       |',
  '|        o .      |',
  '|       . = .     |',
  '|      . + B      |',
  '|       oS@ .     |',
  '|      . =.X .    |',
  '|     . + *E* .   |',
  '|      + O.@.o    |',
  '|       B+%B+     |',
  '+----[SHA256]-----+',
];

export function aSecretQuestion(changes: Partial<SecretQuestion> = {}): SecretQuestion {
  return {
    kind: 'secret',
    host: 'web1',
    title: 'Password of ada@web1',
    instruction: '',
    prompts: [{ text: 'Password: ', echo: false }],
    ...changes,
  };
}

export function aHostKeyQuestion(changes: Partial<HostKeyQuestion> = {}): HostKeyQuestion {
  return {
    kind: 'host-key',
    host: 'hop1',
    name: '[hop1.example.org]:2222',
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrnzQGs2MR5KlxmWk8sWvEyo',
    randomart: RANDOMART,
    knownAs: [],
    file: '/home/ada/.ssh/known_hosts',
    ...changes,
  };
}
