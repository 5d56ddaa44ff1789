import type { Place } from './host-place.ts';
import { ProbeError } from './probe-error.ts';
import type { Survey } from './survey.ts';

/** Finds out where opencode and its sessions are on one host. */
export interface PlaceFinder {
  /** What is known now. */
  place(): Place;
  /** True if the login shell may give another answer than the one that is known. */
  mayAskAgain(): boolean;
  /** Asks the login shell; false when it cannot be asked. */
  askLogin(): Promise<boolean>;
  /** Has opencode name its database where a survey leaves that in doubt; true if the survey looked at another one. */
  confirm(survey: Survey): Promise<boolean>;
}

/**
 * Takes a survey in the environment of the user's login. The login shell, which may be slow, is asked where its answer is not known, where a profile file has
 * changed since, and where opencode is missing: once each time. So is opencode, where several databases or a wrapper script leave a doubt.
 */
export async function surveyInPlace(take: (place: Place) => Promise<Survey>, finder: PlaceFinder): Promise<Survey> {
  let asked = false;
  let confirmed = false;
  const ask = async () => {
    if (asked || !finder.mayAskAgain()) return false;
    asked = true;
    return finder.askLogin();
  };
  if (finder.place().login === null) await ask();
  for (;;) {
    const { login } = finder.place();
    try {
      const survey = await take(finder.place());
      const { profiles } = survey.report;
      const changed = login !== null && profiles !== null && profiles !== login.profiles;
      if (changed && (await ask())) continue;
      if (confirmed || !(await finder.confirm(survey))) return survey;
      confirmed = true;
    } catch (error) {
      const missing = error instanceof ProbeError && error.status === 'no-opencode';
      if (!missing || !(await ask())) throw error;
    }
  }
}
