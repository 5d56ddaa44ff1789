import { argument, option, options, type Param } from '../param.ts';

/** The session that a verb works on. */
export const session = argument('id of a session, the unique start of one, or its title');

/** Where a session is looked for. */
export const on = options('target', 'look only there: a host, an instance or a URL');

/** Where something is created. */
export const target = option('target', 'a host, an instance or a URL');

/** Which hosts are asked. */
export const hostParams = {
  on: options('target', 'ask only that host, instance or URL'),
  host: options('glob', 'ask only hosts whose name matches'),
} as const;

export const model = option('provider/model', 'the model to use; allowed_models must list it');
export const agent = option('name', 'the agent to use');
/** The text of a prompt. */
export const promptText: Param<string> = { ...argument('the prompt; - reads it from stdin'), isPiped: true };
