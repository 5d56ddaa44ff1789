/** Where the triage view stands. */
export interface TriageState {
  /** Key of the selected item. */
  readonly selected: string | null;
  /** Where it stood: when it is gone, the one that has taken its place is selected. */
  readonly index: number;
  /** First line of what is asked that is seen. */
  readonly top: number;
}
