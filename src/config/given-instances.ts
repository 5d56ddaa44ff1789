import type { Instance } from './instance-schema.ts';
import type { Config } from './schema.ts';

/** The content of an instances file (`--instances`). */
export interface GivenInstances {
  readonly path: string;
  readonly instances: Readonly<Record<string, Instance>>;
  /** `null` if the file does not say. */
  readonly allowedModels: readonly string[] | null;
}

/** Returns the configuration with the instances of a file: the file wins by name, and its list of models replaces the other. */
export function withInstances(config: Config, given: GivenInstances | null | undefined): Config {
  if (given == null) return config;
  return {
    ...config,
    instances: { ...config.instances, ...given.instances },
    ...(given.allowedModels !== null && { allowed_models: [...given.allowedModels] }),
  };
}

/** Says where the password of an instance can be set. */
export function passwordAdvice(name: string, configFile: string, given: GivenInstances | null | undefined): string {
  const isGiven = given != null && Object.hasOwn(given.instances, name);
  return isGiven
    ? `Set "password" or "password_command" of ${name} in ${given.path}.`
    : `Set instances.${name}.password or instances.${name}.password_command in ${configFile}.`;
}

/** Names the place where an instance is set, such as `/home/ada/instances.json: dev`. */
export function placeOfInstance(name: string, configFile: string, given: GivenInstances | null | undefined): string {
  const isGiven = given != null && Object.hasOwn(given.instances, name);
  return isGiven ? `${given.path}: ${name}` : `${configFile}: instances.${name}`;
}
