import { FleetError } from './errors.ts';
import { startFleet } from './fleet.ts';
import { hostAliases, hostPlans } from './hosts.ts';

/** `npm run fleet`: keeps a fleet up to play with, until Ctrl-C. `--no-live` leaves the opencode server on alpha out. */
async function main(): Promise<void> {
  const live = !process.argv.includes('--no-live');
  const fleet = await startFleet({ live, tell: (line) => console.log(line) });
  const width = Math.max(...hostAliases.map((alias) => alias.length));
  console.log(`\nThe fleet is up. Its hosts:\n`);
  for (const alias of hostAliases) console.log(`  ${alias.padEnd(width)}  ${hostPlans[alias].shows}`);
  console.log(`\nssh config:  ${fleet.sshConfig}`);
  console.log(`one host:    ssh -F ${fleet.sshConfig} alpha`);
  console.log(`dashboard:   HOME=${fleet.operatorHome} npm start -- --ssh-config ${fleet.sshConfig}`);
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
