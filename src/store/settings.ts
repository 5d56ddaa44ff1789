import type { TreeOrder } from '../fleet/project-tree.ts';
import type { FleetSettings } from '../fleet/settings.ts';

/** The part of the configuration that decides how the dashboard shows the fleet. */
export interface ViewSettings extends FleetSettings, TreeOrder {
  /** Sessions of one project that are listed before the rest is folded into one row. */
  readonly maxDisplay: number;
  /** True in `ocr demo`, whose hosts are simulated. */
  readonly demo?: boolean;
}
