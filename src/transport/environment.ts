import type { SshOptions } from '../domain/host.ts';

/** Returns the variables that ssh would ask a server to set: those that SendEnv matches, then SetEnv's. */
export function sentEnvironment(
  { sendEnv, setEnv }: Pick<SshOptions, 'sendEnv' | 'setEnv'>,
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const patterns = sendEnv.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ),
  );
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && patterns.some((pattern) => pattern.test(name))) sent[name] = value;
  }
  return { ...sent, ...setEnv };
}
