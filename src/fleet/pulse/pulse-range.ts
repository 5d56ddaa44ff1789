/** How far back the graphs of the Pulse view go. */
export const PULSE_RANGES = ['hour', 'day', 'week'] as const;
export type PulseRange = (typeof PULSE_RANGES)[number];
