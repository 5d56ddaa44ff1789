import type { SshResolver } from '../discovery/ssh-resolver.ts';
import { systemClock } from '../lib/clock.ts';
import { createConnector } from '../transport/connector.ts';
import { masterPathOf } from '../transport/openssh/control-master.ts';
import { TransportPool } from '../transport/transport-pool.ts';
import type { ConfigSource } from './config-source.ts';
import { masterPlan } from './master-plan.ts';
import type { Setup } from './setup.ts';

/** Creates the pool of connections to hosts. */
export function createConnections(setup: Setup, source: ConfigSource, resolver: SshResolver): TransportPool {
  const { polling, ssh } = source.current();
  const masters = masterPlan(setup);
  return new TransportPool({
    clock: systemClock,
    resolveHop: (hop, signal) => resolver.resolveDestination(hop, signal),
    connect: createConnector({
      maxHandshakes: polling.max_parallel,
      environment: process.env,
      choiceOf: (name) => {
        const config = source.current();
        return config.hosts.overrides[name]?.transport ?? config.ssh.transport;
      },
      masterPathOf: (name) => masterPathOf(masters.folder, name),
      openssh: {
        controlMaster: ssh.control_master,
        controlPersist: ssh.control_persist,
        controlPath: ssh.control_path ?? null,
        configFile: masters.configFile,
      },
    }),
  });
}
