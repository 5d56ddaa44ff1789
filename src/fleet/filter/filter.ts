import type { SessionWord } from '../session-word.ts';
import type { AmountField, Flag, NameField, Part } from './fields.ts';

/** A filter of sessions and hosts as typed. Offsets are UTF-16 units of `text`. */
export interface Filter {
  readonly text: string;
  /** Plain words in lower case, for the fuzzy search. A session must have all of them. */
  readonly words: readonly string[];
  /** All must hold. A term with a problem is left out. */
  readonly terms: readonly FilterTerm[];
  readonly problems: readonly FilterProblem[];
}

export interface FilterTerm {
  readonly from: number;
  readonly to: number;
  /** True if it was typed with `!`: holds where the test does not. */
  readonly inverse: boolean;
  readonly test: FilterTest;
}

/** A part of the text that cannot be understood, and why. Contains text as typed. */
export interface FilterProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** A test of a session. Of several values, one must fit. */
export type FilterTest =
  /** The exact text, in lower case, in the title, id, folders or names of the host. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly field: NameField; readonly patterns: readonly TextPattern[] }
  | { readonly kind: 'amount'; readonly field: AmountField; readonly bounds: readonly Bound[] }
  | { readonly kind: 'state'; readonly states: ReadonlySet<SessionWord> }
  | { readonly kind: 'has'; readonly parts: readonly Part[] }
  | { readonly kind: 'is'; readonly flags: readonly Flag[] };

/** A glob for the whole of a text (`*`, `?`), or a part of it. In lower case. */
export interface TextPattern {
  readonly text: string;
  readonly isGlob: boolean;
}

/** A limit in milliseconds, US dollars, tokens or messages. */
export interface Bound {
  readonly operator: Operator;
  readonly amount: number;
}

export type Operator = '<' | '<=' | '>' | '>=' | '=';
