import { DEV_HOSTS } from './dev.ts';
import { EDGE_HOSTS, GPU_HOSTS } from './gpu.ts';
import { PROD_HOSTS } from './prod.ts';
import type { HostSeed } from './seed.ts';

/** Every simulated host, in the order of the list. */
export const HOST_SEEDS: readonly HostSeed[] = [...PROD_HOSTS, ...DEV_HOSTS, ...GPU_HOSTS, ...EDGE_HOSTS];

/** Groups of the configuration, by name. */
export const HOST_GROUPS: Readonly<Record<string, readonly string[]>> = {
  prod: ['prod-*', 'staging'],
  dev: ['dev-*'],
  gpu: ['gpu-*'],
  'build and edge': ['build-*', 'edge-*', 'nas'],
};

/** The password of the host that wants one. */
export const DEMO_PASSWORD = 'demo';
