import * as z from 'zod';
import { onAbort } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import type { doctor } from '../specs/turns.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  /** The target's URL; `null` for a host that is reached by SSH. */
  base_url: z.string().nullable(),
  cwd: z.string(),
  /** `custom` if --config named it, `global` for the user's own, `none` if there is no file. */
  config_origin: z.enum(['custom', 'global', 'none']),
  config_path: z.string(),
  target: z.string().nullable(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  ok: z.boolean(),
});
type Report = z.output<typeof schema>;
type Check = Report['checks'][number];

/** `ocr doctor`: checks the configuration, a target and its server. */
export const doctorVerb = implement<typeof doctor, Report>({
  output: schema,
  version: 1,
  async run(desk, { on, skipServerCheck, timeout }) {
    const checks: Check[] = [
      { name: 'config_path', ok: true, detail: `${desk.configFile.path} (${desk.configFile.origin})` },
    ];
    const alias = await check(
      desk,
      checks,
      'target',
      async () => desk.target(on),
      (name) => name,
    );
    const route = alias === null ? null : desk.entry(alias).host.route;
    const url = route?.kind === 'url' ? route.url : null;
    if (url !== null) checks.push({ name: 'base_url', ok: true, detail: url });
    if (skipServerCheck) checks.push({ name: 'server_checks', ok: true, detail: 'skipped' });
    else if (alias !== null) await checkServer(desk, alias, timeout, checks);
    return {
      ...{ base_url: url, cwd: desk.workingDirectory, target: alias },
      ...{ config_origin: desk.configFile.origin, config_path: desk.configFile.path },
      checks,
      ok: checks.every(({ ok }) => ok),
    };
  },
  text: ({ checks, ok }) =>
    `${checks.map((one) => `${one.ok ? 'ok  ' : 'FAIL'} ${one.name}: ${one.detail}\n`).join('')}${ok ? 'all is well' : 'not well'}\n`,
  failed: ({ ok }) => !ok,
});

async function checkServer(desk: Desk, alias: string, timeout: number, checks: Check[]): Promise<void> {
  const signal = AbortSignal.any([desk.signal, AbortSignal.timeout(timeout)]);
  const inTime = async <Value>(work: Promise<Value>) => {
    const over = Promise.withResolvers<never>();
    const release = onAbort(signal, () =>
      over.reject(new VerbError(EXIT.timedOut, `no answer within ${timeout / 1000} s`)),
    );
    return await Promise.race([work, over.promise]).finally(release);
  };
  const entry = await check(
    desk,
    checks,
    'host',
    () => inTime(desk.reach(alias)),
    ({ snapshot }) => {
      const version = snapshot?.opencode.version;
      return `${snapshot?.sessions.length ?? 0} sessions${version == null ? '' : `, opencode ${version}`}`;
    },
  );
  if (entry === null) return;
  const client = await check(
    desk,
    checks,
    'server_app',
    async () => inTime((await desk.context()).clientFor({ alias, id: null }, 'read', signal)),
    () => 'a server lets us in',
  );
  if (client === null) return;
  await check(
    desk,
    checks,
    'server_health',
    () => inTime(client.health(signal)),
    ({ version }) => `opencode ${version}`,
  );
}

/** Runs a check and adds its result; `null` if it failed. Rejects if the user gives up: that says nothing about the target. */
async function check<Value>(
  { signal }: Desk,
  checks: Check[],
  name: string,
  run: () => Promise<Value>,
  describe: (value: Value) => string,
): Promise<Value | null> {
  try {
    const value = await run();
    checks.push({ name, ok: true, detail: describe(value) });
    return value;
  } catch (error) {
    signal.throwIfAborted();
    checks.push({ name, ok: false, detail: messageOf(error) });
    return null;
  }
}
