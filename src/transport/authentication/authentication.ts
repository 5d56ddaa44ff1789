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
  /** Untried methods that only the system's ssh supports. */
  readonly opensshMethods: readonly AuthenticationMethod[];
  readonly secrets: Secrets;
  /** `null` if no user can be asked. */
  readonly ask: Ask | null;
  /** False if the host key is not trusted enough to send a password. */
  readonly allowPasswords: () => boolean;
  /** Returns the key under which a password of this host is remembered; `null` if none may be. */
  readonly secretKey: () => string | null;
  /** Called when the user refuses to answer the server, so that no caller waits any longer. */
  readonly onGivenUp?: () => void;
}

/** The account, for display. */
export const accountOf = ({ user, hostname, port }: SshOptions): string => `${user}@${hostname}:${port}`;

/**
 * Tries the methods in the configured order, as far as the server accepts them, over as many connections as needed. A
 * server that hangs up after too many keys is offered the rest on the next connection.
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

  /** True if the user refused to answer. */
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

  /** Returns a handler for one connection. Like ssh, it starts by asking which methods the server accepts. */
  handler(): AuthHandlerMiddleware {
    this.#offered = null;
    let named = false;
    return (methodsLeft, partial, next) => {
      // The last method succeeded, and the server wants another one.
      if (partial === true) this.#beginAnew();
      const username = this.#parts.options.user;
      // When a key was accepted but did not suffice, ssh2 does not say what else the server wants.
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

  /** Returns what the system's ssh could still try; `null` if nothing. */
  whyOpenssh(): string | null {
    const { identities, opensshMethods } = this.#parts;
    if (identities.opensshOnly.length > 0 && this.#accepted.includes('publickey')) {
      return `only the system's ssh can use ${identities.opensshOnly.join(', ')}`;
    }
    const method = opensshMethods.find((name) => this.#accepted.includes(name));
    return method === undefined ? null : `the server accepts ${method}, which ssh2 does not have`;
  }

  /** Called when the server lets us in: typed secrets may be reused for this account. */
  succeeded(): void {
    const key = this.#parts.secretKey();
    if (this.#typed !== null && key !== null) this.#parts.secrets.keepPassword(key, this.#typed);
  }

  /** Called when the login fails for any reason: remembered secrets are not sent again. */
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
    // Methods without user input come before passwords, and the system's ssh has some left.
    if (this.whyOpenssh() !== null) return false;
    return this.#remembered() !== undefined || this.#parts.ask !== null;
  }

  /** The password of this account, unless it has already failed. */
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
        // The title is ours: a server that chose it could ask for secrets of another host.
        const text = [instruction, name, instructions].filter((part) => part !== '').join('\n');
        void this.#ask(`Login of ${accountOf(options)}`, text, wanted).then((answers) => {
          // A login with several secrets most likely uses one-time codes.
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

  /** Returns why the user is asked again; empty before the first prompt. */
  #again(): string {
    const isFirst = this.#prompts === this.#parts.options.passwordPrompts && !this.#replayed;
    return isFirst ? '' : NOT_ACCEPTED;
  }
}

const PASSWORD = { text: 'Password:', echo: false };

/**
 * True if a prompt asks for a reusable secret. A one-time code that is sent again is refused and counts as a failed
 * attempt.
 */
function isPassword(prompt = ''): boolean {
  return /passw/i.test(prompt) && !/one[- ]?time|\botp\b|code|token/i.test(prompt);
}

/** Offers a single key, so that the server's responses to each key can be told apart. */
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
