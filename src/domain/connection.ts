/** What carries a connection: ssh2 in this process, the system's ssh, or nothing because it is this machine. */
export type TransportKind = 'ssh2' | 'openssh' | 'local';

/** How a host is connected, for a person. */
export interface ConnectionInfo {
  readonly kind: TransportKind;
  /** Why this kind and not ssh2; `null` where there is nothing to explain. */
  readonly reason: string | null;
  /** What a person should know, such as a host key that was accepted because the configuration says so. */
  readonly notes: readonly string[];
}
