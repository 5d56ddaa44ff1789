import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import type { AuthenticationMethod, SshOptions } from '../../domain/host.ts';
import { messageOf } from '../../lib/errors.ts';
import { NOT_ACCEPTED } from '../interaction.ts';
import type { Ask, Identities, Identity } from './identities.ts';
import type { Secrets } from './secrets.ts';

export interface AuthenticationParts {
  readonly options: SshOptions;
  readonly identities: Identities;
  /** Methods that the system's ssh has and ssh2 has not, as far as they are worth trying. */
  readonly opensshMethods: readonly AuthenticationMethod[];
  readonly secrets: Secrets;
  /** `null` when nobody can be asked. */
  readonly ask: Ask | null;
  /** False when the host key is not trusted enough for a password to be sent. */
  readonly allowPasswords: () => boolean;
  /** What a password of this host is remembered by; `null` where none is to be. */
  readonly secretKey: () => string | null;
  /** Told when the person would not answer the server: there is nothing to wait for any more. */
  readonly onGivenUp?: () => void;
}

/** The account, for a person. */
export const accountOf = ({ user, hostname, port }: SshOptions): string => `${user}@${hostname}:${port}`;

/**
 * Walks through the methods in the order of the configuration, as far as the server accepts them, over as many connections as it takes: a server that
 * hangs up after too many keys is offered the others on the next one.
 */
export class Authentication {
  readonly #parts: AuthenticationParts;
  readonly #notes: string[] = [];
  readonly #tried: Identity[] = [];
  #untried: Identity[];
  #accepted: readonly string[] = [];
  #offered: { readonly identity: Identity; signed: boolean } | null = null;
  #prompts: number;
  #replayed = false;
  #typed: string | null = null;
  #givenUp = false;

  constructor(parts: AuthenticationParts) {
    this.#parts = parts;
    this.#untried = [...parts.identities.list];
    this.#prompts = parts.options.passwordPrompts;
  }

  /** The methods that the server named last. */
  get accepted(): readonly string[] {
    return this.#accepted;
  }

  /** A person would not answer. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  get untried(): number {
    return this.#untried.length;
  }

  get tried(): readonly string[] {
    return this.#tried.map(({ label }) => label);
  }

  get notes(): readonly string[] {
    return [...this.#parts.identities.notes, ...this.#notes];
  }

  /** A handler for one connection. It begins by asking what the server accepts, as ssh does. */
  handler(): AuthHandlerMiddleware {
    this.#offered = null;
    let named = false;
    return (methodsLeft, partial, next) => {
      // What was sent was right, and something else is wanted besides.
      if (partial === true) this.#beginAnew();
      const username = this.#parts.options.user;
      // After a key that was accepted and yet did not suffice, ssh2 does not tell what the server wants besides.
      if (!named || this.#offered?.signed === true) {
        named = true;
        this.#offered = null;
        return next({ type: 'none', username });
      }
      this.#accepted = methodsLeft ?? this.#accepted;
      this.#next().then(
        (method) => next(method ?? (false as never)),
        (error: unknown) => {
          this.#notes.push(messageOf(error));
          next(false as never);
        },
      );
    };
  }

  /** What the system's ssh could still try here; `null` when nothing. */
  whyOpenssh(): string | null {
    const { identities, opensshMethods } = this.#parts;
    if (identities.foreign.length > 0 && this.#accepted.includes('publickey')) {
      return `only the system's ssh can use ${identities.foreign.join(', ')}`;
    }
    const method = opensshMethods.find((name) => this.#accepted.includes(name));
    return method === undefined ? null : `the server accepts ${method}, which ssh2 does not have`;
  }

  /** Told when the server has let us in: what was typed may be used again for this account. */
  succeeded(): void {
    const key = this.#parts.secretKey();
    if (this.#typed !== null && key !== null) this.#parts.secrets.keepPassword(key, this.#typed);
  }

  /** Told when it has not, for whatever reason: what was sent by itself is not sent a second time. */
  failed(): void {
    const key = this.#parts.secretKey();
    if (this.#replayed && key !== null) this.#parts.secrets.forgetPassword(key);
  }

  #beginAnew(): void {
    this.#prompts = this.#parts.options.passwordPrompts;
    this.#replayed = false;
  }

  async #next(): Promise<AnyAuthMethod | null> {
    const { options } = this.#parts;
    for (const method of options.authenticationMethods) {
      if (!this.#accepted.includes(method)) continue;
      const attempt = this.#attempt(method);
      if (attempt !== null) return attempt;
    }
    return null;
  }

  #attempt(method: AuthenticationMethod): Promise<AnyAuthMethod | null> | AnyAuthMethod | null {
    switch (method) {
      case 'publickey':
        return this.#offerKey();
      case 'keyboard-interactive':
        return this.#canAnswer() ? this.#interact() : null;
      case 'password':
        return this.#canAnswer() ? this.#sendPassword() : null;
      default:
        return null;
    }
  }

  #offerKey(): AnyAuthMethod | null {
    for (let identity = this.#untried.shift(); identity !== undefined; identity = this.#untried.shift()) {
      if (identity.locked() && this.#parts.ask === null) {
        this.#notes.push(`${identity.label} is encrypted`);
        continue;
      }
      const offered = { identity, signed: false };
      this.#offered = offered;
      this.#tried.push(identity);
      const agent = new OneKeyAgent(identity, this.#parts.ask, (error) => {
        offered.signed = error === null;
        if (error !== null) this.#notes.push(messageOf(error));
      });
      return { type: 'agent', username: this.#parts.options.user, agent };
    }
    return null;
  }

  #canAnswer(): boolean {
    if (!this.#parts.allowPasswords() || this.#prompts <= 0 || this.#givenUp) return false;
    // What needs nobody comes before passwords, and the system's ssh has some of that left.
    if (this.whyOpenssh() !== null) return false;
    return this.#remembered() !== undefined || this.#parts.ask !== null;
  }

  /** The password of this account, unless it was sent in vain already. */
  #remembered(): string | undefined {
    const key = this.#parts.secretKey();
    if (key === null) return undefined;
    if (!this.#replayed) return this.#parts.secrets.password(key);
    this.#parts.secrets.forgetPassword(key);
    return undefined;
  }

  async #sendPassword(): Promise<AnyAuthMethod | null> {
    const { options } = this.#parts;
    const instruction = this.#again();
    const known = this.#remembered();
    this.#replayed = known !== undefined || this.#replayed;
    this.#prompts -= known === undefined ? 1 : 0;
    const password = known ?? (await this.#ask(`Password of ${accountOf(options)}`, instruction, [PASSWORD]))?.[0];
    if (password === undefined) return null;
    this.#typed = password;
    return { type: 'password', username: options.user, password };
  }

  #interact(): AnyAuthMethod {
    const { options } = this.#parts;
    const instruction = this.#again();
    const known = this.#remembered();
    this.#replayed = known !== undefined || this.#replayed;
    this.#prompts -= known === undefined ? 1 : 0;
    let asked = 0;
    return {
      type: 'keyboard-interactive',
      username: options.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        asked += prompts.length;
        const only = asked === 1 && prompts.length === 1 && prompts[0]?.echo !== true && isPassword(prompts[0]?.prompt);
        if (only && known !== undefined) {
          this.#typed = known;
          return finish([known]);
        }
        const wanted = prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo ?? false }));
        // The title is ours: with its own a server could ask for what is not meant for it.
        const text = [instruction, name, instructions].filter((part) => part !== '').join('\n');
        void this.#ask(`Login of ${accountOf(options)}`, text, wanted).then((answers) => {
          // What took more than one secret is most likely good for one time only.
          this.#typed = only && answers !== null ? (answers[0] ?? null) : null;
          // An empty answer would count as a wrong one.
          if (answers !== null || this.#parts.onGivenUp === undefined) finish([...(answers ?? [])]);
        });
      },
    };
  }

  async #ask(...question: Parameters<Ask>): Promise<readonly string[] | null> {
    const answers = this.#parts.ask === null ? null : await this.#parts.ask(...question);
    if (answers !== null) return answers;
    this.#givenUp = true;
    this.#parts.onGivenUp?.();
    return null;
  }

  /** Before the first prompt nothing; then why it is asked again. */
  #again(): string {
    const isFirst = this.#prompts === this.#parts.options.passwordPrompts && !this.#replayed;
    return isFirst ? '' : NOT_ACCEPTED;
  }
}

const PASSWORD = { text: 'Password:', echo: false };

/** Does a prompt ask for what is good more than once? A code that is sent again is refused, and counted against the person. */
function isPassword(prompt = ''): boolean {
  return /passw/i.test(prompt) && !/one[- ]?time|\botp\b|code|token/i.test(prompt);
}

/** Offers a single key, so that what the server says to each can be told apart. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey | Buffer | string> {
  readonly #identity: Identity;
  readonly #ask: Ask | null;
  readonly #onSigned: (error: unknown) => void;

  constructor(identity: Identity, ask: Ask | null, onSigned: (error: unknown) => void) {
    super();
    this.#identity = identity;
    this.#ask = ask;
    this.#onSigned = onSigned;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey | Buffer | string>): void {
    callback(null, [this.#identity.blob]);
  }

  override sign(
    _key: ParsedKey | Buffer | string,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'object' && 'hash' in options ? String(options.hash ?? '') : '';
    this.#identity.sign(data, hash === '' ? undefined : hash, this.#ask).then(
      (signature) => {
        this.#onSigned(null);
        done?.(null, signature);
      },
      (error: unknown) => {
        this.#onSigned(error);
        done?.(error instanceof Error ? error : new Error(messageOf(error)));
      },
    );
  }
}
