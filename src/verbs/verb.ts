import type * as z from 'zod';
import type { Desk } from './desk.ts';
import type { InputOf, Params } from './param.ts';
import type { VerbSpec } from './spec.ts';

/** What a verb does, and the shape of its result. */
export interface Verb<P extends Params, Output> {
  /** The shape of the result; of each value, for a stream. A verb that must start fast loads it when it is asked for. */
  readonly output: z.ZodType<Output> | (() => Promise<z.ZodType<Output>>);
  /** Raised when a field changes its meaning or goes, not when one is added. */
  readonly version: number;
  /** Yields the only result, or each value of a stream. Rejects with a VerbError, or an error of the engine. */
  run(desk: Desk, input: InputOf<P>): Promise<Output> | AsyncIterable<Output>;
  /** True if its lines are cut at the terminal's edge. */
  readonly isTable?: boolean;
  /** Returns the part of a list that fits people and models, where that is not all of it. */
  shown?(output: Output, input: InputOf<P>): Output;
  /** Returns the result for people: whole lines, or nothing. */
  text(output: Output, input: InputOf<P>): string;
  /** True for a result that is a failure, such as that of a check. */
  failed?(output: Output): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds verbs of all inputs; `implement` has checked each against its own parameters.
export type AnyVerb = Verb<any, any>;

/** Gives a verb the types of its spec. */
export function implement<S extends VerbSpec, Output>(verb: Verb<S['params'], Output>): Verb<S['params'], Output> {
  return verb;
}

/** Returns the shape of a verb's result. */
export async function outputOf({ output }: AnyVerb): Promise<z.ZodType> {
  return typeof output === 'function' ? await output() : output;
}
