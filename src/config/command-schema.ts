import * as z from 'zod';
import { UserError } from '../lib/errors.ts';
import { parseTemplate, placeholdersOutOf, SCOPES } from './command-template.ts';
import { keySequence } from './schema-parts.ts';

/** A script for `sh -c`, or a program and its arguments. */
export const commandLine = z.union([z.string().min(1), z.array(z.string()).min(1)], {
  error: 'must be a text for sh, or a list of a program and its arguments',
});

/** A command of the user's own, for a key or the palette. */
export const customCommand = z
  .strictObject({
    key: keySequence.optional(),
    label: z.string().min(1).optional(),
    /** The rows that it works on. */
    scope: z.enum(SCOPES).default('session'),
    /** Where it runs: on this machine, or on the row's host. */
    run: z.enum(['local', 'host']).default('local'),
    command: commandLine,
    output: z.enum(['foreground', 'background', 'popup']).default('foreground'),
    /** True, or the question to ask first. */
    confirm: z.union([z.boolean(), z.string().min(1)]).default(false),
    dangerous: z.boolean().default(false),
  })
  .superRefine(({ command, scope }, context) => {
    const report = (message: string) => context.addIssue({ code: 'custom', message, path: ['command'] });
    try {
      const unknown = placeholdersOutOf(scope, parseTemplate(command));
      for (const placeholder of unknown) report(`{${placeholder}} is not known with scope: ${scope}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const message of error.message.split('\n')) report(message);
    }
  });
