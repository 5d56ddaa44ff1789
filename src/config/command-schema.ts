import * as z from 'zod';
import { UserError } from '../lib/errors.ts';
import { parseTemplate } from './command-template.ts';
import { keySequence } from './schema-parts.ts';

/** A script for `sh -c`, or a program and its arguments. */
export const commandLine = z.union([z.string().min(1), z.array(z.string()).min(1)], {
  error: 'must be a text for sh, or a list of a program and its arguments',
});

const template = commandLine.superRefine((command, context) => {
  try {
    parseTemplate(command);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const message of error.message.split('\n')) context.addIssue({ code: 'custom', message });
  }
});

/** A command of the user's own, for a key or the palette. */
export const customCommand = z.strictObject({
  key: keySequence.optional(),
  label: z.string().min(1).optional(),
  /** The rows that it works on. */
  scope: z.enum(['session', 'host', 'project', 'fleet']).default('session'),
  /** Where it runs: on this machine, or on the row's host. */
  run: z.enum(['local', 'host']).default('local'),
  command: template,
  output: z.enum(['foreground', 'background', 'pane']).default('foreground'),
  /** True, or the question to ask first. */
  confirm: z.union([z.boolean(), z.string().min(1)]).default(false),
  dangerous: z.boolean().default(false),
});
