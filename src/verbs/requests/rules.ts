import * as z from 'zod';
import { listRules, removeRule } from '../../operations/rules/saved-rules.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import type { permissionsRevoke, permissionsSaved } from '../specs/sessions.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';

const ruleSchema = z.object({
  host: z.string(),
  id: z.string(),
  /** The kind of action, such as `bash`. */
  action: z.string(),
  /** The pattern that it allows. */
  resource: z.string(),
  /** The project that it holds in; `null` if that is no longer known. */
  project: z.string().nullable(),
});
type RuleReport = z.output<typeof ruleSchema>;

/** `ocr permissions saved`: the rules that "always" made. */
export const savedVerb = implement<typeof permissionsSaved, readonly RuleReport[]>({
  output: z.array(ruleSchema).readonly(),
  version: 1,
  isTable: true,
  run: async (desk, { on }) => list(desk, on),
  text: (rules) =>
    rules.length === 0
      ? 'no server keeps a rule\n'
      : formatTable(
          ['HOST', 'ID', 'ACTION', 'ALLOWS', 'PROJECT'],
          rules.map(({ host, id, action, resource, project }) => [host, id, action, resource, project ?? '']),
        ),
});

/** `ocr permissions revoke`: removes a rule, and makes sure that it is gone. */
export const revokeVerb = implement<typeof permissionsRevoke, RuleReport>({
  output: ruleSchema,
  version: 1,
  async run(desk, { rule, on }) {
    const found = (await list(desk, on)).filter(({ id }) => id === rule || (rule.length >= 8 && id.startsWith(rule)));
    const [only] = found;
    if (only === undefined) throw new VerbError(EXIT.notFound, `there is no rule ${rule}`);
    if (found.length > 1) throw new VerbError(EXIT.usage, `"${rule}" is ambiguous: it fits ${found.length} rules`);
    await removeRule(await desk.context(), { alias: only.host, id: only.id }, desk.signal);
    return only;
  },
  text: ({ id, host, action, resource }) => `removed ${id} on ${host}: ${action} ${resource}\n`,
});

async function list(desk: Desk, on: readonly string[]): Promise<readonly RuleReport[]> {
  const aliases = new Set(desk.aliases(on));
  await desk.ask([...aliases]);
  const rules: RuleReport[] = [];
  for await (const ofHost of listRules(await desk.context(), desk.signal)) {
    if (!aliases.has(ofHost.alias)) continue;
    if (ofHost.kind !== 'kept') desk.warn(`${ofHost.alias}: ${ofHost.reason}`);
    else rules.push(...ofHost.rules.map(({ alias: host, ...rule }) => ({ host, ...rule })));
  }
  return rules;
}
