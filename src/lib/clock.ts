/** Epoch milliseconds. Passed in where a test must set the time. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
