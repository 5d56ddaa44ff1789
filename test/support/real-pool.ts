import type { SshResolver } from '../../src/discovery/ssh-resolver.ts';
import { type ConnectorSettings, createConnector, type TransportChoice } from '../../src/transport/connector.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';

export interface RealPoolOptions {
  readonly resolver?: Pick<SshResolver, 'resolveDestination'>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly choice?: TransportChoice;
  /** The ssh config, for the hosts that go through the system's ssh. */
  readonly configFile?: string;
  readonly maxHandshakes?: number;
  readonly openssh?: Partial<ConnectorSettings['openssh']>;
  readonly masterPathOf?: (name: string) => string;
}

/** A pool that makes real connections, as the program puts it together. */
export function createRealPool(options: RealPoolOptions = {}): TransportPool {
  const { resolver, environment = process.env, choice = 'auto', configFile = null, maxHandshakes = 10 } = options;
  return new TransportPool({
    clock: Date.now,
    resolveHop: async (hop, signal) => {
      if (resolver === undefined) throw new Error(`unexpected hop ${hop.host}`);
      return resolver.resolveDestination(hop, signal);
    },
    connect: createConnector({
      ...{ environment, maxHandshakes },
      choiceOf: () => choice,
      masterPathOf: options.masterPathOf ?? (() => '/nonexistent'),
      openssh: { controlMaster: 'auto', controlPersist: '60', controlPath: null, configFile, ...options.openssh },
    }),
  });
}
