import { FleetError } from './errors.ts';
import { startFleet } from './fleet.ts';
import { hostAliases, hostPlans } from './hosts.ts';
import { isIsolated } from './machine.ts';

/** `npm run fleet`: keeps a fleet up to play with, until Ctrl-C. `--no-live` leaves the opencode server on alpha out. */
async function main(): Promise<void> {
  const live = !process.argv.includes('--no-live');
  const fleet = await startFleet({ live, tell: (line) => console.log(line) });
  const width = Math.max(...hostAliases.map((alias) => alias.length));
  console.log(`\nThe fleet is up. Its hosts:\n`);
  for (const alias of hostAliases) console.log(`  ${alias.padEnd(width)}  ${hostPlans[alias].shows}`);
  console.log(`\nssh config:  ${fleet.sshConfig}`);
  console.log(`one host:    ssh -F ${fleet.sshConfig} alpha`);
  const without = ['SSH_AUTH_SOCK', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME'];
  const prefix = ['env', ...without.filter((name) => process.env[name]).map((name) => `-u ${name}`)].join(' ');
  console.log(`dashboard:   ${prefix} HOME=${fleet.operatorHome} npm start -- --ssh-config ${fleet.sshConfig}`);
  if (!isIsolated()) console.log('\nThis kernel gives no PID namespaces: each host sees the processes of all.');
  console.log(`\nCtrl-C takes it down.`);
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.resolve());
  const alive = setInterval(() => {}, 60_000);
  await stop.promise;
  clearInterval(alive);
  await fleet.close();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof FleetError)) throw error;
  console.error(`fleet: ${error.message}`);
  process.exitCode = 1;
}
