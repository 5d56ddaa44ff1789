import { type Deleted, rememberedBatches } from '../../../../src/operations/delete/deleted.ts';

/** What was deleted last on a host, in the order in which it was; empty when nothing is remembered. */
export async function lastDeleted(
  folder: string,
  alias: string,
  which: (one: Deleted) => boolean,
): Promise<readonly Deleted[]> {
  const batches = await rememberedBatches(folder);
  return batches.map((batch) => batch.filter((one) => one.alias === alias)).find((batch) => batch.some(which)) ?? [];
}
