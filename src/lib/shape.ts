/**
 * Checks of what `ocr` itself wrote, and of records that come by the ten thousand. A schema library would cost them many frames: zod 4 takes 11 µs a
 * session, this 0.3, and loading zod and building its schemas takes 25 ms of the start.
 */

/** Returns the path of the first part that is not as it should be: `''` for the value itself, `null` if all of it is right. */
export type Shape = (value: unknown) => string | null;

const when =
  (isRight: (value: unknown) => boolean): Shape =>
  (value) =>
    isRight(value) ? null : '';

export const text = when((value) => typeof value === 'string');
export const number = when((value) => typeof value === 'number');
export const flag = when((value) => typeof value === 'boolean');

export function oneOf(values: readonly unknown[]): Shape {
  const known = new Set(values);
  return when((value) => known.has(value));
}

export function anyOf(...shapes: readonly Shape[]): Shape {
  return when((value) => shapes.some((shape) => shape(value) === null));
}

export function orNull(shape: Shape): Shape {
  return (value) => (value === null ? null : shape(value));
}

/** Null or missing. */
export function optional(shape: Shape): Shape {
  return (value) => (value === null || value === undefined ? null : shape(value));
}

export function listOf(shape: Shape): Shape {
  return (value) => (Array.isArray(value) ? firstWrong(value.entries(), shape) : '');
}

/** An object with any keys. */
export function recordOf(shape: Shape): Shape {
  return (value) => (isObject(value) ? firstWrong(Object.entries(value), shape) : '');
}

/** An object with at least these keys. */
export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  const shapes = Object.entries(fields);
  return (value) => {
    if (!isObject(value)) return '';
    for (const [name, shape] of shapes) {
      const wrong = shape(value[name]);
      if (wrong !== null) return pathOf(name, wrong);
    }
    return null;
  };
}

function firstWrong(entries: Iterable<readonly [string | number, unknown]>, shape: Shape): string | null {
  for (const [key, value] of entries) {
    const wrong = shape(value);
    if (wrong !== null) return pathOf(key, wrong);
  }
  return null;
}

function pathOf(key: string | number, rest: string): string {
  return rest === '' ? String(key) : `${key}.${rest}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
