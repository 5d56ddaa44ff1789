import { onAbort } from '../../lib/abort.ts';
import { type Shell, type Transport, TransportError } from '../../transport/transport.ts';

/** Milliseconds without an answer after which a proof fails. */
const PROOF_TIMEOUT_MS = 10_000;
const MAX_PROOF_BYTES = 4096;

type ShellSource = Pick<Transport, 'shell'>;

const shells = new WeakMap<ShellSource, ProofShell>();

/** Runs the proofs about a host in a shell of its own, one per connection, so that no survey delays a proof. */
export function proofShellOf(host: ShellSource): ProofShell {
  const shell = shells.get(host) ?? new ProofShell(host);
  shells.set(host, shell);
  return shell;
}

/** Shares one persistent shell. A caller who aborts leaves the shell to the others, since aborting a run would end it. */
export class ProofShell {
  readonly #host: ShellSource;
  #opening: Promise<Shell> | null = null;
  #shell: Shell | null = null;

  constructor(host: ShellSource) {
    this.#host = host;
  }

  /** Opens the shell. Rejects with a TransportError. */
  open(): Promise<Shell> {
    if (this.#opening !== null && this.#shell?.closed !== true) return this.#opening;
    const opening = this.#host.shell(new AbortController().signal);
    this.#opening = opening;
    this.#shell = null;
    opening.then(
      (shell) => {
        if (this.#opening === opening) this.#shell = shell;
      },
      () => {
        if (this.#opening === opening) this.#opening = null;
      },
    );
    return opening;
  }

  /** Runs a script and returns its output. Rejects with a TransportError: `aborted` if the signal fires. */
  async run(script: string, signal: AbortSignal): Promise<string> {
    const aborted = Promise.withResolvers<never>();
    const release = onAbort(signal, () => aborted.reject(new TransportError('aborted', 'the request was cancelled')));
    try {
      return await Promise.race([this.#run(script), aborted.promise]);
    } finally {
      release();
    }
  }

  async #run(script: string): Promise<string> {
    const limits = { signal: new AbortController().signal, idleTimeout: PROOF_TIMEOUT_MS, maxBytes: MAX_PROOF_BYTES };
    const runOnce = async () => (await (await this.open()).run(script, limits)).output;
    try {
      return await runOnce();
    } catch (error) {
      // The shell may just have been closed to free its channel.
      if (!(error instanceof TransportError) || error.kind !== 'closed') throw error;
      return runOnce();
    }
  }
}
