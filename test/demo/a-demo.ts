import { onTestFinished } from 'vitest';
import { demoConfig, demoSetup } from '../../src/commands/demo.ts';
import { HOST_SEEDS } from '../../src/demo/seeds/hosts.ts';
import { startDemo } from '../../src/demo/start-demo.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';

const MAX_STEPS = 400;
const STEP_MS = 2000;

/**
 * Starts a demo that stands still, and an engine over it that has followed every host. `pass` lets simulated time pass.
 *
 * @param aliases of the hosts to start
 */
export async function aDemo(aliases: readonly string[] = HOST_SEEDS.map(({ alias }) => alias)) {
  let ahead = 0;
  const demo = await startDemo({
    ...{ seed: 1, isStill: true, now: () => Date.now() + ahead },
    hosts: HOST_SEEDS.filter(({ alias }) => aliases.includes(alias)),
  });
  const setup = demoSetup(demo, await demoConfig('/nonexistent/remote-tui.yaml'));
  const opened = await openFleet(setup, 50);
  const engine = new Engine(opened, setup);
  const close = async () => {
    await engine.close();
    await demo.close();
  };
  onTestFinished(close);
  await engine.askOnce(false);
  const { fleet } = opened;
  const entryOf = (alias: string) => {
    const entry = fleet.getState().entries.get(alias);
    if (entry === undefined) throw new Error(`no host ${alias}`);
    return entry;
  };
  const sessionOf = (alias: string, title: string) => {
    const session = entryOf(alias).snapshot?.sessions.find((one) => one.title === title);
    if (session === undefined) throw new Error(`no session ${title}`);
    return session;
  };
  /** Lets time pass until the condition holds. */
  const pass = (until: () => boolean) => {
    for (let step = 0; step < MAX_STEPS && !until(); step += 1) {
      ahead += STEP_MS;
      demo.director.tick(Date.now() + ahead);
    }
  };
  const kept = (alias: string, id: string) => {
    const found = demo.hosts.find(({ seed }) => seed.alias === alias)?.opencode.kept.get(id);
    if (found === undefined) throw new Error(`no simulated session ${id}`);
    return found;
  };
  return { demo, engine, fleet, close, entryOf, sessionOf, pass, kept };
}
