/** A failure of the fleet that the user can act on; `message` says what to do. */
export class FleetError extends Error {
  override name = 'FleetError';
}
