/** One line that somebody wants typed. */
export interface Prompt {
  readonly text: string;
  /** False for what must not be seen, such as a password. */
  readonly echo: boolean;
}

/** What is asked of a person to authenticate. All texts are as they came: whoever paints them makes them printable. */
export interface SecretQuestion {
  readonly kind: 'secret';
  /** Who asks: an alias, or `user@host:port` of a hop without one. */
  readonly host: string;
  /** What it is about, such as `Passphrase of /home/me/.ssh/id_ed25519`. */
  readonly title: string;
  /** What the server says about it; empty for nothing. */
  readonly instruction: string;
  /** Answered in their order, all of them. */
  readonly prompts: readonly Prompt[];
}

/** A host shows a key that is on no record. */
export interface HostKeyQuestion {
  readonly kind: 'host-key';
  readonly host: string;
  /** `[name]:port` or the name, as it would be recorded. */
  readonly name: string;
  readonly keyType: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
  /** The picture that `ssh-keygen -lv` draws of the key, line by line. */
  readonly randomart: readonly string[];
  /** Other names under which the very same key is on record, with the place: `build1 (/home/me/.ssh/known_hosts:3)`. */
  readonly knownAs: readonly string[];
  /** The file that the key would be added to. */
  readonly file: string;
}

export type Question = SecretQuestion | HostKeyQuestion;
