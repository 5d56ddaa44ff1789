import * as z from 'zod';
import { commandLine, customCommand } from './command-schema.ts';
import { type Instance, instanceName, instanceSchema, modelName } from './instance-schema.ts';
import { keybindings } from './keybindings-schema.ts';
import { duration, durationOrZero, durationText, section } from './schema-parts.ts';

const patterns = (fallback: string[]) => z.array(z.string().min(1)).default(fallback);
const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
const columns = z.array(z.string().min(1)).optional();

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

/** A filter by name; a text stands for a filter without a key. */
const savedFilter = z.preprocess(
  (given) => (typeof given === 'string' ? { filter: given } : given),
  z.strictObject({
    filter: z.string().min(1),
    key: z
      .string()
      .regex(/^[A-Za-z]$/, { error: 'must be one letter' })
      .optional(),
  }),
);

/** A command that prints hosts as JSON. */
const hostCommand = z.strictObject({
  command: commandLine,
  timeout: duration('10s'),
  group: z.string().min(1).optional(),
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
    icons: z.enum(['auto', 'emoji', 'shapes', 'ascii']).default('auto'),
    mouse: z.boolean().default(true),
    columns: section({ fleet: columns, sessions: columns, hosts: columns }),
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
    status_line: z.boolean().default(true),
  }),
  attention: section({
    enter: z.enum(['answer', 'open']).default('answer'),
    stalled_after: duration('5m'),
    snooze: duration('1h'),
  }),
  notify: section({
    bell: z.boolean().default(false),
    desktop: z.enum(['none', 'osc9', 'osc777']).default('none'),
    command: z.string().min(1).optional(),
  }),
  readonly: z.boolean().default(false),
  keys: section({
    chord_wait: durationOrZero('400ms'),
  }),
  keybindings,
  filters: z.record(z.string().min(1), savedFilter).default({}),
  commands: z.record(z.string().min(1), customCommand).default({}),
  discovery: section({
    commands: z.array(hostCommand).default([]),
  }),
  instances: z.record(instanceName, instanceSchema).default({}),
  allowed_models: z.array(modelName).optional(),
});

export interface Config extends Omit<z.output<typeof configSchema>, 'instances'> {
  readonly instances: Readonly<Record<string, Instance>>;
}

/** The configuration of a user without a file. */
export const defaultConfig: Config = configSchema.parse({});
