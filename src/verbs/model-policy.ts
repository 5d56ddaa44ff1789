import type { Config } from '../config/schema.ts';
import { EXIT, VerbError } from './exit-status.ts';

const MODEL = /^[^/\s]+\/\S+$/;

/** Refuses a model that the configuration does not allow, before any request. Throws a VerbError. */
export function checkModel({ allowed_models: allowed }: Pick<Config, 'allowed_models'>, model: string | null): void {
  if (model === null) return;
  if (!MODEL.test(model)) throw new VerbError(EXIT.usage, `--model must be provider/model, not "${model}"`);
  if (allowed === undefined) {
    throw new VerbError(EXIT.refused, `the model ${model} is refused: the configuration has no allowed_models`, {
      hint: 'List the models that --model may name under allowed_models.',
    });
  }
  if (allowed.includes(model)) return;
  throw new VerbError(EXIT.refused, `the model ${model} is not in allowed_models`, {
    hint: `Allowed: ${allowed.join(', ') || 'none'}`,
  });
}
