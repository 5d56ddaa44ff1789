import { controlDirectory } from '../config/paths.ts';
import type { BootstrapPlan } from '../transport/openssh/control-master.ts';
import type { Setup } from './setup.ts';

/** Returns where the ssh commands that are shown to the user leave their ControlMaster, and for how long. */
export function masterPlan({ config, sources }: Setup): BootstrapPlan {
  return {
    folder: controlDirectory(process.env),
    persist: config.ssh.control_persist,
    configFile: sources.sshConfigGiven ? sources.sshConfigFile : null,
  };
}
