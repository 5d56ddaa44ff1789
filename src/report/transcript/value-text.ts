import * as z from 'zod';

/** Each level indents its lines further: deeper values would take space that grows with the square of their depth. */
const MAX_INDENTED_LEVELS = 32;
/** JSON.stringify recurses, and overflows the stack at some thousands. */
const MAX_LEVELS = 500;

const errorSchema = z.object({
  name: z.string().nullish().catch(null),
  message: z.string().nullish().catch(null),
  data: z
    .object({ message: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** Returns a text as it is, another JSON value as JSON, and `undefined` for one that is missing. */
export function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (isDeeper(value, MAX_LEVELS)) return '(nested too deeply to be shown)';
  return JSON.stringify(value, null, isDeeper(value, MAX_INDENTED_LEVELS) ? 0 : 2);
}

/** Returns the name and the message of an error of opencode, whose shape depends on its version; `null` if there is none. */
export function errorText(value: unknown): string | null {
  const { name, message, data } = errorSchema.safeParse(value).data ?? {};
  const texts = [name, data?.message ?? message].filter((text) => text != null && text !== '');
  return (texts.length === 0 ? valueText(value) : [...new Set(texts)].join(': ')) || null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}
