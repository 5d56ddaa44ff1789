/** One line for the user to type. */
export interface Prompt {
  readonly text: string;
  /** False for hidden input, such as a password. */
  readonly echo: boolean;
}

/** A question to the user for authentication. All texts are as received: views must make them printable. */
export interface SecretQuestion {
  readonly kind: 'secret';
  /** The asking host: an alias, or `user@host:port` of a hop without one. */
  readonly host: string;
  /** The subject, such as `Passphrase of /home/me/.ssh/id_ed25519`. */
  readonly title: string;
  /** The server's own text; may be empty. */
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
