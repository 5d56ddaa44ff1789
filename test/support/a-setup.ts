import type { Config } from '../../src/config/schema.ts';
import type { DiscoverySources } from '../../src/discovery/discover.ts';
import type { Setup } from '../../src/engine/setup.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Notices } from '../../src/lib/notices.ts';

/** A setup that keeps and logs nothing. */
export function aSetup(config: Config, sources: DiscoverySources): Setup {
  return {
    ...{ config, sources, parsed: null, warnings: [], notices: new Notices(), snapshotFolder: null },
    ...{ configFile: '/nonexistent/remote-tui.yaml', configOrigin: 'none', keyLines: {} },
    ...{ logger: silentLogger, closeLog: () => {} },
  };
}
