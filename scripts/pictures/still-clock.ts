/**
 * Loaded into the demo before anything else (`node --import`): its clock stands still, so that every picture shows the same times. SIGUSR2 moves it by a
 * second, for what waits for time to pass. The simulated hosts ask `date` of this machine, so they get one that says the same.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const START = Date.parse('2026-03-05T14:03:00Z');
const STEP_MS = 1000;
/** Nothing is asked again while pictures are taken. */
const LONGEST_TIMER_MS = 20_000;
const NEVER_MS = 2 ** 31 - 1;

let now = START;
process.on('SIGUSR2', () => {
  now += STEP_MS;
});
// Programs of the hosts would load this too.
delete process.env.NODE_OPTIONS;

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, receiver) => Reflect.construct(target, given.length === 0 ? [now] : given, receiver),
  apply: () => new RealDate(now).toString(),
  get: (target, name) => (name === 'now' ? () => now : Reflect.get(target, name)),
});

// Round trips are measured by it.
globalThis.performance.now = () => now - START;

const never = <Timer extends typeof setTimeout | typeof setInterval>(timer: Timer): Timer =>
  new Proxy(timer, {
    apply: (target, self, [action, delay, ...rest]) =>
      Reflect.apply(target, self, [action, delay >= LONGEST_TIMER_MS ? NEVER_MS : delay, ...rest]),
  });
globalThis.setTimeout = never(setTimeout);
globalThis.setInterval = never(setInterval);

const writeFile = fs.writeFile;
const dateProgram = `#!/bin/sh\nexec /usr/bin/date -d @${START / 1000} "$@"\n`;
fs.writeFile = async (path, data, options) => {
  const name = String(path);
  if (name.endsWith('/bin/date')) return writeFile(path, dateProgram, options);
  await writeFile(path, data, options);
  if (!name.endsWith('/.profile')) return;
  await writeFile(name.replace(/\.profile$/, 'bin/date'), dateProgram, { mode: 0o700 });
};
syncBuiltinESMExports();
