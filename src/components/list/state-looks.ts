import type { ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import type { SessionWord } from '../../fleet/session-word.ts';

/** How a state is shown: a shape, a colour and a word, of which any two may fail. */
export interface StateLook {
  /** Also the value of `state:` in a filter. */
  readonly word: string;
  readonly colour: ThemeColour;
  readonly glyph: ThemeGlyph;
  /** True if the title is bold: it needs the user. */
  readonly bold: boolean;
}

export const HOST_STATES = [
  'live',
  'polled',
  'stale',
  'asking',
  'no opencode',
  'offline',
  'needs auth',
  'new key',
  'key changed',
  'error',
  'blocked',
  'no shell',
] as const;
export type HostState = (typeof HOST_STATES)[number];

const look = (word: string, glyph: ThemeGlyph, colour: ThemeColour, bold = false): StateLook => ({
  word,
  colour,
  glyph,
  bold,
});

export const STATE_LOOKS: Readonly<Record<SessionWord, StateLook>> = {
  permission: look('permission', 'waiting', 'warn', true),
  question: look('question', 'waiting', 'warn', true),
  stalled: look('stalled', 'stalled', 'warn'),
  error: look('error', 'errored', 'bad'),
  done: look('done', 'done', 'good', true),
  retrying: look('retrying', 'retry', 'warn'),
  working: look('working', 'working', 'busy'),
  active: look('active', 'active', 'good'),
  idle: look('idle', 'idle', 'text'),
  cold: look('cold', 'cold', 'dim'),
  archived: look('archived', 'archived', 'dim'),
  unknown: look('unknown', 'unknown', 'dim'),
  interrupted: look('interrupted', 'interrupted', 'dim'),
  snoozed: look('snoozed', 'snoozed', 'dim'),
};

export const HOST_LOOKS: Readonly<Record<HostState, StateLook>> = {
  live: look('live', 'online', 'good'),
  polled: look('polled', 'polled', 'text'),
  stale: look('stale', 'stale', 'dim'),
  asking: look('asking', 'asking', 'busy'),
  'no opencode': look('no opencode', 'noOpencode', 'dim'),
  offline: look('offline', 'offline', 'dim'),
  'needs auth': look('needs auth', 'attention', 'warn'),
  'new key': look('new key', 'attention', 'warn'),
  'key changed': look('key changed', 'hostError', 'bad'),
  error: look('error', 'hostError', 'bad'),
  blocked: look('blocked', 'blocked', 'dim'),
  'no shell': look('no shell', 'noShell', 'dim'),
};
