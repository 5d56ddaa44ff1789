/** A parameter of a verb: an argument or an option of the command line, a property of a tool's input. `Value` is what the verb gets. */
export interface Param<Value = unknown> {
  readonly kind: 'text' | 'texts' | 'count' | 'duration' | 'flag';
  readonly what: string;
  readonly isArgument: boolean;
  readonly isRequired: boolean;
  /** The name of its value in the help, such as `seconds`. */
  readonly metavar: string;
  readonly choices?: readonly string[];
  /** True if `-` reads it from stdin. */
  readonly isPiped?: boolean;
  /** True if it is about files or the terminal of this machine: no input of a tool, since a model must not choose them. */
  readonly isLocal?: boolean;
  /** For a count or a duration (milliseconds) that is not given. */
  readonly fallback?: number;
  /** Never set: it carries the type. */
  readonly value?: Value;
}

export type Params = Readonly<Record<string, Param>>;

/** The input of a verb with these parameters. */
export type InputOf<P extends Params> = {
  readonly [Name in keyof P]: P[Name] extends Param<infer Value> ? Value : never;
};

/** A text that must be given. */
export function argument(what: string): Param<string> {
  return { kind: 'text', what, isArgument: true, isRequired: true, metavar: '' };
}

/** A text that may be left out. */
export function optionalArgument(what: string): Param<string | null> {
  return { kind: 'text', what, isArgument: true, isRequired: false, metavar: '' };
}

/** Any number of texts; must come last. */
export function restArguments(what: string, isRequired: boolean): Param<readonly string[]> {
  return { kind: 'texts', what, isArgument: true, isRequired, metavar: '' };
}

/** An option with a text. */
export function option(metavar: string, what: string, choices?: readonly string[]): Param<string | null> {
  return { kind: 'text', what, isArgument: false, isRequired: false, metavar, ...(choices && { choices }) };
}

/** An option that may be given several times. */
export function options(metavar: string, what: string, choices?: readonly string[]): Param<readonly string[]> {
  return { kind: 'texts', what, isArgument: false, isRequired: false, metavar, ...(choices && { choices }) };
}

/** An option with a whole number above zero. */
export function count(what: string, fallback: number): Param<number> {
  return { kind: 'count', what, isArgument: false, isRequired: false, metavar: 'number', fallback };
}

/** The same, which may be left out. */
export function optionalCount(what: string): Param<number | null> {
  return { kind: 'count', what, isArgument: false, isRequired: false, metavar: 'number' };
}

/** An option with a duration, in milliseconds. */
export function duration(what: string, fallback: number): Param<number> {
  return { kind: 'duration', what, isArgument: false, isRequired: false, metavar: 'time', fallback };
}

/** An option that is on or off. */
export function flag(what: string): Param<boolean> {
  return { kind: 'flag', what, isArgument: false, isRequired: false, metavar: '' };
}

/** Keeps a parameter from the tools of agents. */
export function local<Value>(param: Param<Value>): Param<Value> {
  return { ...param, isLocal: true };
}
