import type { GivenInstances } from '../config/given-instances.ts';
import type { KeyLines } from '../config/parse.ts';
import type { ParsedCache } from '../config/parsed-cache.ts';
import type { Config } from '../config/schema.ts';
import type { DiscoverySources } from '../discovery/discover.ts';
import type { Logger } from '../lib/logger.ts';
import type { Notices } from '../lib/notices.ts';

/** Everything that a verb is given to work with. */
export interface Setup {
  readonly config: Config;
  /** True if the hosts are simulated. */
  readonly demo?: boolean;
  /** The file that the configuration comes from, to watch it. */
  readonly configFile: string;
  /** `custom` if the command line named it, `none` if there is no file. */
  readonly configOrigin: 'custom' | 'global' | 'none';
  /** The instances file, whose content is part of `config`; `null` for none. */
  readonly instances?: GivenInstances | null;
  /** The lines on which it sets keys. */
  readonly keyLines: KeyLines;
  /** `null` with `--no-cache`. */
  readonly parsed: ParsedCache | null;
  readonly warnings: readonly string[];
  /** Notices about later trouble, such as a full disk. */
  readonly notices: Notices;
  readonly sources: DiscoverySources;
  /** Folder of the snapshots; `null` with `--no-cache`. */
  readonly snapshotFolder: string | null;
  readonly logger: Logger;
  readonly closeLog: () => void;
}
