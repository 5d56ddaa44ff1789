/** Sends a notification to the client; `step` rises with each. */
export type SendProgress = (step: number, text: string) => Promise<void>;

/** Milliseconds after which something is sent again: clients give up on what is silent. opencode documents 5 s for a server. */
const HEARTBEAT_MS = 2000;

/** Tells a client how a call goes on: each change once, and a heartbeat in between. `close` ends it. */
export class Progress {
  readonly #send: SendProgress | null;
  readonly #timer: NodeJS.Timeout | undefined;
  #step = 0;
  #said = '';

  /**
   * @param send `null` for a client that wants to hear nothing
   * @param describe what goes on while the verb has said nothing, such as the hosts that are awaited
   */
  constructor(send: SendProgress | null, describe: () => string) {
    this.#send = send;
    if (send !== null) this.#timer = setInterval(() => this.#tell(this.#said || describe()), HEARTBEAT_MS);
  }

  say(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    if (text !== '') this.#tell(text);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tell(text: string): void {
    this.#step += 1;
    // A client that is gone has cancelled the call, too.
    this.#send?.(this.#step, text).catch(() => {});
  }
}
