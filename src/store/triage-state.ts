/** State of the triage view. */
export interface TriageState {
  /** Key of the selected item. */
  readonly selected: string | null;
  /** Its index: if the item is gone, the one that took its place is selected. */
  readonly index: number;
  /** First visible line of the request. */
  readonly top: number;
}
