/** A fact: its name and value. A value without a name continues the line before. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}
