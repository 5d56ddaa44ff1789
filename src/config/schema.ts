import * as z from 'zod';
import { isKeyName } from '../domain/key-name.ts';
import { parseDuration } from '../lib/duration.ts';

/** A duration as text; becomes milliseconds. */
const durationText = z.string({ error: 'must be a duration such as 30s, 10m or 1h30m' }).transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  context.addIssue({
    code: 'custom',
    message: `must be a duration above zero such as 30s, 10m or 1h30m, not "${text}"`,
  });
  return z.NEVER;
});
const duration = (fallback: string) => durationText.prefault(fallback);
const patterns = (fallback: string[]) => z.array(z.string().min(1)).default(fallback);
const key = (fallback: string) =>
  z
    .string()
    .refine(isKeyName, {
      error: 'must be a key: one character, enter, space, tab, esc, up, home, pgdn, ..., or ctrl+LETTER',
    })
    .default(fallback);
const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never);

const transport = z.enum(['auto', 'ssh2', 'openssh']);
const override = z.strictObject({
  label: z.string().min(1).optional(),
  priority: z.number().int().optional(),
  opencode_path: z.string().min(1).optional(),
  timeout: durationText.optional(),
  transport: transport.optional(),
  server_username: z.string().min(1).optional(),
  server_password: z.string().min(1).optional(),
  server_password_command: z.string().min(1).optional(),
  readonly: z.boolean().optional(),
});

/** The whole of remote-tui.yaml. Key names are those of the file; durations come out in milliseconds. */
export const configSchema = z.strictObject({
  polling: section({
    interval: duration('30s'),
    timeout: duration('10s'),
    max_parallel: z.number().int().min(1).max(256).default(10),
  }),
  display: section({
    theme: z.string().min(1).default('auto'),
    unicode: z.boolean().default(true),
    animation: z.boolean().default(true),
    active_threshold: duration('10m'),
    idle_threshold: duration('24h'),
  }),
  hosts: section({
    local: z.boolean().default(true),
    include: patterns(['*']),
    ignore: patterns([]),
    groups: z.record(z.string().min(1), z.array(z.string().min(1))).default({}),
    overrides: z.record(z.string().min(1), override).default({}),
  }),
  ssh: section({
    transport: transport.default('auto'),
    control_master: z
      .union([z.enum(['auto', 'yes', 'no', 'ask', 'autoask']), z.boolean()])
      .transform((value) => (typeof value === 'boolean' ? yesOrNo(value) : value))
      .prefault('auto'),
    control_persist: z
      .union([z.number().int().min(0), z.string().regex(/^(yes|no|(\d+[smhdw]?)+)$/i), z.boolean()], {
        error: 'must be a number of seconds, a time of ssh such as 10m, yes or no',
      })
      .transform((value) => (typeof value === 'boolean' ? yesOrNo(value) : String(value)))
      .prefault(60),
    control_path: z.string().min(1).optional(),
    batch_mode: z.boolean().default(true),
  }),
  sessions: section({
    sort_by: z.enum(['last_activity', 'name', 'host']).default('last_activity'),
    show_archived: z.boolean().default(false),
    max_display: z.number().int().min(1).default(50),
    enrich_from_db: z.boolean().default(true),
    attach: z.enum(['server', 'direct']).default('server'),
  }),
  attention: section({
    stalled_after: duration('5m'),
    snooze: duration('1h'),
  }),
  notify: section({
    bell: z.boolean().default(false),
    desktop: z.enum(['none', 'osc9', 'osc777']).default('none'),
    command: z.string().min(1).optional(),
  }),
  readonly: z.boolean().default(false),
  keybindings: section({
    attach: key('enter'),
    search: key('/'),
    refresh: key('r'),
    quit: key('q'),
    new_session: key('n'),
    kill_session: key('d'),
    git_clone: key('g'),
    inspect: key('i'),
    cycle_view: key('tab'),
    authenticate: key('a'),
    error_detail: key('e'),
  }),
});

export type Config = z.output<typeof configSchema>;

/** The configuration of a user without a file. */
export const defaultConfig: Config = configSchema.parse({});
