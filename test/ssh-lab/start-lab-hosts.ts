import { type LabBase, type LabHost, startLabHost } from './lab-host.ts';
import type { LabHostPlan } from './plan.ts';

/** All hosts at once, but those behind another after it. */
export async function startLabHosts(hosts: Record<string, LabHostPlan>, base: LabBase): Promise<Map<string, LabHost>> {
  const net = 20 + Math.floor(Math.random() * 230);
  const plans = new Map(Object.entries(hosts));
  for (const alias of plans.keys()) checkWay(alias, plans);
  const starts = new Map<string, Promise<LabHost>>();
  const start = (alias: string, plan: LabHostPlan, index: number): Promise<LabHost> => {
    const hop = plan.behind === undefined ? undefined : starts.get(plan.behind);
    const address = `127.0.${net}.${10 + index}`;
    return Promise.resolve(hop).then((host) => startLabHost(alias, address, plan, host, base));
  };
  const aliases = [...plans.keys()].sort((one, other) => countHops(one, plans) - countHops(other, plans));
  for (const [index, alias] of aliases.entries()) starts.set(alias, start(alias, plans.get(alias) ?? {}, index));
  // All have ended their start before the first failure is thrown: closing must not race with a host that is being made.
  await Promise.allSettled(starts.values());
  return new Map((await Promise.all(starts.values())).map((host) => [host.alias, host]));
}

function countHops(alias: string, plans: ReadonlyMap<string, LabHostPlan>): number {
  const behind = plans.get(alias)?.behind;
  return behind === undefined ? 0 : 1 + countHops(behind, plans);
}

function checkWay(alias: string, plans: ReadonlyMap<string, LabHostPlan>): void {
  const way: string[] = [];
  for (let hop: string | undefined = alias; hop !== undefined; hop = plans.get(hop)?.behind) {
    const problem = plans.has(hop) ? way.includes(hop) && 'makes a circle' : 'is no host';
    way.push(hop);
    if (problem) throw new Error(`${way.join(' is behind ')}, which ${problem}`);
  }
}
