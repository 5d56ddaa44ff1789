/** A fact: its name and value. A value without a name goes on from the line before. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}
