import type { Config } from '../config/schema.ts';
import { Listeners } from '../lib/listeners.ts';

/** The configuration for readers. Ask for it when you need it, since it may change while the program runs. */
export interface ConfigSource {
  current(): Config;
  /** Calls the listener after each change. Returns a function that stops this. */
  subscribe(listener: (config: Config) => void): () => void;
}

/** A configuration that can be replaced. */
export class ChangeableConfig implements ConfigSource {
  readonly #listeners = new Listeners<Config>();
  #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  current(): Config {
    return this.#config;
  }

  subscribe(listener: (config: Config) => void): () => void {
    return this.#listeners.add(listener);
  }

  replace(config: Config): void {
    this.#config = config;
    this.#listeners.call(config);
  }
}
