import type { ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import type { SessionWord } from '../../fleet/session-word.ts';

/** How a state looks: its sign and colour. Its word is its name. */
export interface StateLook {
  /** `spinner` moves. */
  readonly sign: ThemeGlyph | 'spinner';
  readonly colour: ThemeColour;
  /** The title is bold. */
  readonly bold: boolean;
}

const look = (sign: StateLook['sign'], colour: ThemeColour, bold = false): StateLook => ({ sign, colour, bold });

/** The states of sessions: one sign, one colour and one word each. */
export const SESSION_LOOKS: Readonly<Record<SessionWord, StateLook>> = {
  permission: look('waiting', 'warn', true),
  question: look('waiting', 'warn', true),
  stalled: look('attention', 'warn', true),
  error: look('errored', 'bad', true),
  done: look('marked', 'good', true),
  retrying: look('retry', 'warn'),
  working: look('spinner', 'busy'),
  active: look('active', 'good'),
  idle: look('idle', 'text'),
  snoozed: look('idle', 'dim'),
  unknown: look('unknown', 'dim'),
  interrupted: look('interrupted', 'dim'),
  cold: look('cold', 'dim'),
  archived: look('archived', 'dim'),
};
