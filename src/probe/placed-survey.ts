import type { Place } from './host-place.ts';
import { ProbeError } from './probe-error.ts';
import type { Survey } from './survey.ts';

/** Finds opencode and its sessions on one host. */
export interface PlaceFinder {
  /** The known place. */
  place(): Place;
  /** True if the login shell may answer differently now. */
  mayAskAgain(): boolean;
  /** Asks the login shell; false if it cannot be asked. */
  askLogin(): Promise<boolean>;
  /** Lets opencode name its database if a survey leaves that in doubt; true if the survey looked at another one. */
  confirm(survey: Survey): Promise<boolean>;
}

/**
 * Surveys a host in the environment of the user's login. Asks the login shell, which may be slow, at most once: when its answer is unknown, a profile
 * file has changed, or opencode is missing. Asks opencode at most once too, when several databases or a wrapper script leave a doubt.
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
