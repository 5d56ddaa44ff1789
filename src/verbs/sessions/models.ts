import * as z from 'zod';
import { resolveFolder } from '../place.ts';
import type { models } from '../specs/sessions.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';

const schema = z.array(
  z.object({
    host: z.string(),
    /** `provider/model`. */
    id: z.string(),
    name: z.string(),
    /** True for the model that a session uses by itself. */
    isDefault: z.boolean(),
    /** True if allowed_models lists it, so that --model accepts it. */
    isAllowed: z.boolean(),
  }),
);
type Models = z.output<typeof schema>;

/** `ocr models`: the models of a target. */
export const modelsVerb = implement<typeof models, Models>({
  output: schema,
  version: 1,
  isTable: true,
  async run(desk, { on, directory }) {
    const alias = desk.target(on);
    const entry = await desk.reach(alias);
    const client = await (await desk.context()).clientFor({ alias, id: null }, 'read', desk.signal);
    const home = entry.host.route.kind === 'local' || directory !== null ? directory : '~';
    const folder = await resolveFolder(desk, entry, client, home);
    const found = await client.models(folder, desk.signal);
    const allowed = desk.config.allowed_models ?? [];
    return found.models.map(({ id, name }) => ({
      ...{ host: alias, id, name },
      isDefault: id === found.default,
      isAllowed: allowed.includes(id),
    }));
  },
  text(listed) {
    const table = formatTable(
      ['MODEL', 'NAME', 'NOTE'],
      listed.map(({ id, name, isDefault, isAllowed }) => [
        id,
        name,
        [...(isDefault ? ['default'] : []), ...(isAllowed ? ['allowed'] : [])].join(', '),
      ]),
    );
    const isNoneAllowed = !listed.some(({ isAllowed }) => isAllowed);
    return isNoneAllowed ? `${table}--model accepts none of them: allowed_models lists none\n` : table;
  },
});
