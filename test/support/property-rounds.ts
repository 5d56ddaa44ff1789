import fc from 'fast-check';

/** Rounds of each property test: few while you work, many in CI. `PROPERTY_ROUNDS` sets them by hand. */
const ROUNDS = Number(process.env.PROPERTY_ROUNDS ?? (process.env.CI === undefined ? 100 : 2000));

fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: ROUNDS });
