import type { Question } from '../domain/question.ts';
import { onAbort } from '../lib/abort.ts';
import type { OcrStore } from '../store/store.ts';
import type { Interaction } from '../transport/interaction.ts';
import { type Conversation, describeDialog, type Leaving, type Named, type Pending } from './conversation.ts';
import { dropLateKeys, TYPED_BLINDLY } from './late-keys.ts';
import { SecretInput } from './secret-input.ts';

/** One attempt to reach a host with the user. */
export interface Attempt {
  readonly interaction: Interaction;
  /** Aborts when the user leaves it. */
  readonly signal: AbortSignal;
  /** Waits for the user to leave it. */
  readonly left: Promise<Leaving>;
  /** Shows why it failed. */
  fail(reason: string, lines: readonly string[]): void;
  /** Closes the dialog. */
  end(): void;
}

/** Lines of progress that are kept. */
const MAX_PROGRESS_LINES = 50;

/**
 * Queues the questions of all hosts: one at a time is on screen. Questions of an attempt that the user began wait for
 * their turn. Other hosts hold a slot while they wait for an answer, so they are refused while another host's question
 * is open. Typed text stays here until it is the answer; the store only gets its visible part.
 */
export class QuestionDesk {
  readonly #store: OcrStore;
  /** By alias, oldest first. */
  readonly #conversations = new Map<string, Conversation>();
  #pending: Pending[] = [];
  /** The question that the screen has shown last. */
  #painted: Question | null = null;

  constructor(store: OcrStore) {
    this.#store = store;
  }

  /**
   * Returns the interaction for a host outside of an attempt: a question opens the dialog by itself, and its end closes
   * it. Refuses at once while another host's question is open.
   */
  interactionFor(host: Named): Interaction {
    return this.#interaction(host, null);
  }

  /**
   * Begins an attempt to reach a host: opens its dialog, or restarts it. `commands` are the equivalent for a terminal.
   */
  begin({ alias, label }: Named, commands: readonly string[]): Attempt {
    const controller = new AbortController();
    const { promise: left, resolve } = Promise.withResolvers<Leaving>();
    const leave = (leaving: Leaving) => {
      resolve(leaving);
      controller.abort();
    };
    const conversation: Conversation = { alias, label, commands, progress: [], failure: null, leave };
    this.#conversations.set(alias, conversation);
    this.#show();
    return {
      interaction: this.#interaction({ alias, label }, controller.signal),
      signal: controller.signal,
      left,
      fail: (reason, lines) => {
        conversation.failure = { reason, lines };
        this.#show();
      },
      end: () => this.#end(conversation),
    };
  }

  /** True while a host key is pending that was not painted yet: no key can answer it. */
  get isUnseen(): boolean {
    const question = this.#pending[0]?.question;
    return question?.kind === 'host-key' && this.#painted !== question;
  }

  /** Starts the time to read this question: the screen shows it now. */
  painted(question: Question | null): void {
    if (this.#painted === question) return;
    this.#painted = question;
    if (question?.kind === 'host-key') dropLateKeys(this.#store);
  }

  isOpen(alias: string): boolean {
    return this.#conversations.has(alias);
  }

  /** Text for the prompt that is being answered. */
  type(text: string): void {
    this.#edit((input) => input.type(text));
  }

  eraseCharacter(): void {
    this.#edit((input) => input.eraseCharacter());
  }

  eraseAll(): void {
    this.#edit((input) => input.eraseAll());
  }

  /** Goes on to the next prompt, or gives the answers; after a failure it tries again. No host key that is shown is accepted by it: see `trust`. */
  submit(): void {
    const [pending] = this.#pending;
    if (pending === undefined) {
      const conversation = this.#shownConversation();
      if (conversation !== null && conversation.failure !== null) conversation.leave?.('again');
    } else if (pending.question.kind === 'secret') {
      const answers = pending.input.next();
      if (answers === null) this.#show();
      else pending.settle(answers);
    }
  }

  /** Adds the host key that is shown to those that are trusted. */
  trust(): void {
    const [pending] = this.#pending;
    if (pending?.question.kind === 'host-key') pending.settle([]);
  }

  /** Leaves the host key that is shown, and with it the attempt. */
  distrust(): void {
    if (this.#pending[0]?.question.kind === 'host-key') this.cancel();
  }

  /** Closes the dialog that is shown: refuses its question and ends its attempt. */
  cancel(): void {
    const conversation = this.#shownConversation();
    if (conversation === null) return;
    this.#refuse(conversation);
    conversation.leave?.('close');
    this.#end(conversation);
  }

  /** Leaves the attempt for the commands in a terminal. */
  useTerminal(): void {
    const conversation = this.#shownConversation();
    if (conversation === null || conversation.commands.length === 0) return;
    this.#refuse(conversation);
    conversation.leave?.('terminal');
  }

  /** Closes all conversations: no question is answered any more. */
  close(): void {
    while (this.#shownConversation() !== null) this.cancel();
  }

  #interaction({ alias, label }: Named, attempt: AbortSignal | null): Interaction {
    const ask = async (question: Question, signal: AbortSignal) => {
      if (attempt !== null) return this.#ask({ alias, label }, question, AbortSignal.any([signal, attempt]));
      const isTaken = this.#pending.some(({ conversation }) => conversation.alias !== alias);
      return isTaken ? null : this.#ask({ alias, label }, question, signal);
    };
    return {
      answer: async (question, signal) => {
        if (question.prompts.length > 0) return ask(question, signal);
        this.#progress(alias, question.instruction);
        return [];
      },
      trust: async (question, signal) => (await ask(question, signal)) !== null,
      progress: (text) => {
        if (attempt?.aborted !== true) this.#progress(alias, text);
      },
    };
  }

  #ask(host: Named, question: Question, signal: AbortSignal): Promise<readonly string[] | null> {
    if (signal.aborted) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<readonly string[] | null>();
    const conversation = this.#conversations.get(host.alias) ?? this.#openUnasked(host);
    const input = new SecretInput(question.kind === 'secret' ? question.prompts : []);
    const settle: Pending['settle'] = (answers) => {
      stopListening();
      input.forget();
      this.#pending = this.#pending.filter((other) => other !== pending);
      resolve(answers);
      const isDone = conversation.leave === null && this.#pending.every((other) => other.conversation !== conversation);
      if (isDone) this.#end(conversation);
      else this.#show();
    };
    const pending: Pending = { conversation, question, input, settle };
    this.#pending.push(pending);
    const stopListening = onAbort(signal, () => {
      // The user may go on typing for a moment.
      if (this.#pending[0] === pending) dropLateKeys(this.#store, TYPED_BLINDLY);
      settle(null);
    });
    this.#show();
    return promise;
  }

  #openUnasked({ alias, label }: Named): Conversation {
    const conversation: Conversation = { alias, label, commands: [], progress: [], failure: null, leave: null };
    this.#conversations.set(alias, conversation);
    return conversation;
  }

  #progress(alias: string, text: string): void {
    const conversation = this.#conversations.get(alias);
    if (conversation === undefined || text === '') return;
    conversation.progress.push(text);
    if (conversation.progress.length > MAX_PROGRESS_LINES) conversation.progress.shift();
    this.#show();
  }

  #edit(change: (input: SecretInput) => void): void {
    const [pending] = this.#pending;
    if (pending?.question.kind !== 'secret') return;
    change(pending.input);
    this.#show();
  }

  #refuse(conversation: Conversation): void {
    for (const pending of this.#pending) if (pending.conversation === conversation) pending.settle(null);
  }

  #end(conversation: Conversation): void {
    const { alias } = conversation;
    // The attempt that came after it has the dialog now.
    if (this.#conversations.get(alias) === conversation) this.#conversations.delete(alias);
    this.#show();
  }

  #shownConversation(): Conversation | null {
    return this.#pending[0]?.conversation ?? this.#conversations.values().next().value ?? null;
  }

  #show(): void {
    const conversation = this.#shownConversation();
    const before = this.#store.getState().dialog;
    const [pending] = this.#pending;
    const dialog = conversation === null ? null : describeDialog(conversation, pending, this.#pending.length);
    this.#store.setState({ dialog });
    const isNew = pending !== undefined && before?.question?.question !== pending.question;
    // Keys typed before the user has seen the question are meant for something else, and must not accept a key.
    if (isNew && (pending.question.kind === 'host-key' || before?.alias !== dialog?.alias)) dropLateKeys(this.#store);
  }
}
