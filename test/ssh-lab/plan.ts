/** How a client gets into a host of the lab. */
export type LabAccess =
  /** One of the `authorized` keys. */
  | 'key'
  /** Only the account's password, by SSH's method `password`. */
  | 'password'
  /** Only the account's password, asked by PAM: SSH's method `keyboard-interactive` with one prompt. */
  | 'keyboard-interactive'
  /** PAM asks for the password and then, in a second round, for a verification code. */
  | 'two-prompts'
  /** A key and then the password (`AuthenticationMethods publickey,password`). */
  | 'key-and-password'
  /** A key and then a verification code by PAM. */
  | 'key-and-code'
  /** The lab's certified key, and no other. */
  | 'certificate'
  /** Anybody: SSH's method `none` succeeds, as servers do that know the user by the network. */
  | 'none'
  /** No one: keys are asked for, none is accepted. */
  | 'refused';

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

/** The client's known_hosts entry of a host. */
export type LabTrust =
  | 'known'
  /** Known, with the name hashed as Debian's ssh writes it. */
  | 'hashed'
  | 'unknown'
  /** Known with another key of the same type. */
  | 'changed'
  /** Known, and revoked by a line of its own. */
  | 'revoked'
  /** Only by the authority that signed its host certificate. */
  | 'cert-authority';

/** One host of the lab; `{}` is an ordinary one that a key opens. */
export type LabHostPlan = {
  readonly access?: LabAccess;
  /** Names of the keys that it accepts; those that the lab does not have are made. `plain` and `encrypted` when left out. */
  readonly authorized?: readonly string[];
  readonly hostKeys?: readonly KeyType[];
  readonly trust?: LabTrust;
  /** The host keys that known_hosts holds; all when left out. */
  readonly trustedKeys?: readonly KeyType[];
  /** Lines of sshd_config(5) that replace the lab's own of the same keyword; those from the first `Match` on are put last. */
  readonly sshd?: readonly string[];
  /** Lines of its Host block in the client's ssh_config(5), put first. `IdentityFile` and `Proxy...` replace the lab's own. */
  readonly client?: readonly string[];
  /** The alias of the only host that reaches it. Without root every host reaches it; the client jumps anyway. */
  readonly behind?: string;
  /** Sent before authentication. */
  readonly banner?: string;
  /** Login shell: an absolute path, or the text of a script that starts with `#!`. Needs root. */
  readonly shell?: string;
  /** A real opencode in `~/.opencode/bin`, and the sessions of the fleet's host `homebin` (`seed-plan.ts`). */
  readonly opencode?: true;
  /** Files below its home by relative path. */
  readonly home?: Readonly<Record<string, string>>;
};
