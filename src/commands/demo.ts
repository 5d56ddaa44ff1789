import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type ParsedConfig, parseConfig } from '../config/parse.ts';
import { cacheDirectory, defaultConfigPath } from '../config/paths.ts';
import { HOST_GROUPS } from '../demo/seeds/hosts.ts';
import { type Demo, type DemoOptions, startDemo } from '../demo/start-demo.ts';
import type { Setup } from '../engine/setup.ts';
import { silentLogger } from '../lib/logger.ts';
import { Notices } from '../lib/notices.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { rewritePulse } from '../refresh/pulse-file.ts';
import { runDashboard } from './dashboard.ts';
import { demoPulse } from './demo-pulse.ts';

/** Shorter than the default, so that the demo's stalled session shows up within a minute. */
const STALLED_AFTER_MS = 60_000;

/** Runs the dashboard over simulated hosts. Reads only the display and the keys of the user's configuration, and leaves nothing behind. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const config = await demoConfig();
  const demo = await startDemo(options);
  process.once('exit', demo.removeNow);
  // The dashboard ends itself by SIGTERM after a signal, before anything could be awaited.
  let isToBeKilled = false;
  const onSignal = () => {
    isToBeKilled = true;
  };
  process.on('SIGTERM', onSignal);
  // The dashboard's own files, and those of the programs that it starts.
  process.env.XDG_STATE_HOME = demo.stateFolder;
  process.env.XDG_CACHE_HOME = demo.cacheFolder;
  process.env.XDG_RUNTIME_DIR = demo.cacheFolder;
  await rewritePulse(join(cacheDirectory(process.env), 'pulse.jsonl'), demoPulse(options.seed, Date.now())).catch(
    () => {},
  );
  try {
    await runDashboard(demoSetup(demo, config));
  } finally {
    await demo.close();
    await setImmediate();
    await setImmediate();
    process.off('SIGTERM', onSignal);
    if (isToBeKilled) process.kill(process.pid, 'SIGTERM');
  }
}

/** Returns a setup whose hosts are those of the demo. */
export function demoSetup(demo: Demo, { config, keyLines }: Pick<ParsedConfig, 'config' | 'keyLines'>): Setup {
  return {
    ...{ config, keyLines, demo: true, parsed: null, warnings: [], notices: new Notices(), snapshotFolder: null },
    // Watched for changes, and not there: the user's own file would bring the user's own hosts.
    configOrigin: 'custom',
    configFile: join(demo.folder, 'remote-tui.yaml'),
    sources: { sshConfigFile: demo.sshConfig, sshConfigGiven: true, home: demo.folder, routeCacheFile: null },
    ...{ logger: silentLogger, closeLog: () => {} },
  };
}

/** Returns the configuration of the demo, with the user's own display and keys if their file can be read. */
export async function demoConfig(path = defaultConfigPath()): Promise<Pick<ParsedConfig, 'config' | 'keyLines'>> {
  const { config: defaults } = parseConfig('', path);
  const own = await readRegularFile(path)
    .then((text) => parseConfig(text, path))
    .catch(() => ({ config: defaults, keyLines: {} }));
  const groups = Object.fromEntries(Object.entries(HOST_GROUPS).map(([name, aliases]) => [name, [...aliases]]));
  const config = {
    ...defaults,
    ...{ display: own.config.display, keybindings: own.config.keybindings },
    hosts: { ...defaults.hosts, local: false, groups },
    attention: { ...defaults.attention, stalled_after: STALLED_AFTER_MS },
  };
  return { config, keyLines: own.keyLines };
}
