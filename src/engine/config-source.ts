import type { Config } from '../config/schema.ts';
import { Listeners } from '../lib/listeners.ts';

/** The configuration for readers. Ask for it when you need it, since it may change while the program runs. */
export interface ConfigSource {
  current(): Config;
  /** Calls the listener after each change, also with the configuration before it. Returns a function that stops this. */
  subscribe(listener: (config: Config, before: Config) => void): () => void;
}

interface Change {
  readonly config: Config;
  readonly before: Config;
}

/** A configuration that can be replaced. */
export class ChangeableConfig implements ConfigSource {
  readonly #listeners = new Listeners<Change>();
  #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  current(): Config {
    return this.#config;
  }

  subscribe(listener: (config: Config, before: Config) => void): () => void {
    return this.#listeners.add(({ config, before }) => listener(config, before));
  }

  replace(config: Config): void {
    const before = this.#config;
    this.#config = config;
    this.#listeners.call({ config, before });
  }
}
