/** What carries a connection: ssh2 in this process, the system's ssh, or nothing because it is this machine. */
export type TransportKind = 'ssh2' | 'openssh' | 'local';

/** A host that showed another key than before in this run. */
export interface HostKeyWarning {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How a host is connected, for a person. */
export interface ConnectionInfo {
  readonly kind: TransportKind;
  /** Why this kind and not ssh2; `null` where there is nothing to explain. */
  readonly reason: string | null;
  /** What a person should know, such as a host key that was accepted because the configuration says so. */
  readonly notes: readonly string[];
  /** The latest warning about this host, from this connection or an earlier one. */
  readonly warning?: HostKeyWarning | null | undefined;
}

/** Returns the connection with one more note; a duplicate is a no-op. */
export function withNote(connection: ConnectionInfo, note: string): ConnectionInfo {
  return connection.notes.includes(note) ? connection : { ...connection, notes: [...connection.notes, note] };
}
