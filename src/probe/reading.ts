import type { Snapshot } from '../domain/snapshot.ts';
import type { ShellReply } from '../transport/transport.ts';

/** Runs a script in the host's persistent shell; a `slow` one may be silent for long. Rejects with a TransportError. */
export type Run = (script: string, patience?: 'slow') => Promise<ShellReply>;

/** The sessions of a host, the way they were read, and the state of the database that they stand for. */
export type SessionReading = Pick<Snapshot, 'sessions' | 'rung' | 'passedOver' | 'fingerprint'>;
