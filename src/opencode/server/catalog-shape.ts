import * as z from 'zod';

export interface AgentChoice {
  readonly name: string;
  readonly description: string | null;
}

export interface ModelChoice {
  /** `provider/model`. */
  readonly id: string;
  readonly name: string;
}

const agentSchema = z.object({
  name: z.string(),
  description: z.string().nullish(),
  mode: z.string().catch('primary'),
  hidden: z.boolean().nullish().catch(null),
});

/** Parses the agents that the user can pick. */
export function parseAgents(value: unknown): readonly AgentChoice[] {
  return z
    .array(agentSchema)
    .parse(value)
    .filter(({ mode, hidden }) => mode !== 'subagent' && !hidden)
    .map(({ name, description }) => ({ name, description: description ?? null }));
}

const providersSchema = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      models: z.record(z.string(), z.object({ name: z.string().nullish(), status: z.string().nullish() })),
    }),
  ),
  default: z.record(z.string(), z.string()).catch({}),
});

/** Models of the configured providers, and each provider's own default, as `provider/model`. */
export function parseProviders(value: unknown): { models: readonly ModelChoice[]; defaults: readonly string[] } {
  const found = providersSchema.parse(value);
  return {
    models: found.providers.flatMap(({ id, models }) =>
      Object.entries(models)
        .filter(([, { status }]) => status !== 'deprecated')
        .map(([model, { name }]) => ({ id: `${id}/${model}`, name: name ?? model })),
    ),
    defaults: Object.entries(found.default).map(([provider, model]) => `${provider}/${model}`),
  };
}

/** The model that the configuration names as `provider/model`. */
export function parseConfiguredModel(value: unknown): string | null {
  return z.object({ model: z.string().nullish().catch(null) }).parse(value).model ?? null;
}

/** Takes `provider/model` apart; the model's own name may hold slashes. `null` when it is not one. */
export function splitModel(model: string): { providerID: string; modelID: string } | null {
  const slash = model.indexOf('/');
  if (slash <= 0 || slash === model.length - 1) return null;
  return { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) };
}
