import { type Deleted, rememberedBatches } from '../../../../src/operations/delete/deleted.ts';

/** The last deleted sessions of a host, in order; empty if nothing is recorded. */
export async function lastDeleted(
  folder: string,
  alias: string,
  which: (one: Deleted) => boolean,
): Promise<readonly Deleted[]> {
  const batches = await rememberedBatches(folder);
  return batches.map((batch) => batch.filter((one) => one.alias === alias)).find((batch) => batch.some(which)) ?? [];
}
