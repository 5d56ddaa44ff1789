import * as z from 'zod';

const text = z.string().min(1);

/** A base URL: without user, query and fragment, and without a slash at its end. */
const baseUrl = z.string().transform((given, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const url = URL.parse(given.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    return refuse('must be a URL such as http://localhost:4096 or https://dev.example.org/opencode');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('must contain no user name and no password: set username and password beside it');
  }
  if (url.search !== '' || url.hash !== '') return refuse('must have no query and no fragment: leave out ? and #');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
});

/** A running opencode server that is known by its URL. */
export const instanceSchema = z.strictObject({
  url: baseUrl,
  username: text.optional(),
  password: text.optional(),
  password_command: text.optional(),
  projects_path: text.optional(),
  directory: text.optional(),
  insecure: z.boolean().optional(),
  label: text.optional(),
  group: text.optional(),
});

export const instanceName = z.string().regex(/^[^\s/\p{C}-][^\s/\p{C}]*$/u, {
  error: 'must be a name without blanks and slashes that does not begin with -',
});

/** A model as `provider/model`, split at the first slash. */
export const modelName = z
  .string()
  .regex(/^[^\s/]+\/\S+$/, { error: 'must be a model such as anthropic/claude-sonnet-4-5' });

/** An instance as the program uses it. */
export interface Instance extends z.output<typeof instanceSchema> {
  /** Sent as `Authorization: Bearer`, instead of a password. Never in a file: verbs take it from the environment. */
  readonly token?: string;
}
