/** The kind of a connection: ssh2 in this process, the system's ssh, this machine itself, or requests to a URL. */
export type TransportKind = 'ssh2' | 'openssh' | 'local' | 'url';

/** A host that showed another key than before in this run. */
export interface HostKeyWarning {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How a host is connected, for display. */
export interface ConnectionInfo {
  readonly kind: TransportKind;
  /** Why this kind and not ssh2; `null` if there is nothing to explain. */
  readonly reason: string | null;
  /** Notes for the user, such as a host key accepted by configuration. */
  readonly notes: readonly string[];
  /** The latest warning about this host, from this connection or an earlier one. */
  readonly warning?: HostKeyWarning | null | undefined;
}

/** Returns the connection with one more note; a duplicate is a no-op. */
export function withNote(connection: ConnectionInfo, note: string): ConnectionInfo {
  return connection.notes.includes(note) ? connection : { ...connection, notes: [...connection.notes, note] };
}
