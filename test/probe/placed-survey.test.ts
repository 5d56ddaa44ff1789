import { describe, expect, it } from 'vitest';
import type { LoginEnvironment } from '../../src/domain/login.ts';
import type { Place } from '../../src/probe/host-place.ts';
import { surveyInPlace } from '../../src/probe/placed-survey.ts';
import { ProbeError } from '../../src/probe/probe-error.ts';
import type { Survey } from '../../src/probe/survey.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { aLogin } from '../support/builders.ts';

const reported = (lines: string): Survey => ({
  ...{ latency: 1, at: 0, clockOffset: null, hostClock: null, passedOver: [], read: null },
  report: parseSurveyReport(lines),
});

/** A host whose login shell gives these answers, one after the other. */
class FakeHost {
  readonly events: string[] = [];
  login: LoginEnvironment | null;
  confirmed: string | null = null;
  readonly #answers: LoginEnvironment[];

  constructor(known: LoginEnvironment | null, answers: readonly LoginEnvironment[] = []) {
    this.login = known;
    this.#answers = [...answers];
  }

  place = (): Place => ({ login: this.login, confirmedDatabase: this.confirmed });
  mayAskAgain = () => this.#answers.length > 0;
  askLogin = async () => {
    this.events.push('login');
    this.login = this.#answers.shift() ?? null;
    return true;
  };
  confirm = async ({ report }: Survey) => {
    if (report.candidates < 2 || this.confirmed !== null) return false;
    this.events.push('confirm');
    this.confirmed = '/named';
    return true;
  };

  /** Surveys it; `take` gives the report for what is known of the place. */
  survey(take: (place: Place) => string): Promise<Survey> {
    return surveyInPlace(async (place) => {
      this.events.push(`survey ${place.login?.opencode ?? 'nowhere'} ${place.confirmedDatabase ?? ''}`.trim());
      const lines = take(place);
      if (lines === '') throw new ProbeError('no-opencode', 'not found');
      return reported(lines);
    }, this);
  }
}

const before = aLogin({ opencode: '/old', profiles: 'one' });
const after = aLogin({ opencode: '/new', profiles: 'two' });

describe('a survey in the environment of a login', () => {
  it('asks the login shell first where nothing is known of it', async () => {
    const host = new FakeHost(null, [after]);
    await host.survey(() => '@ocr opencode /new\n@ocr profiles two');
    expect(host.events).toEqual(['login', 'survey /new']);
  });

  it('asks nothing while the profile files are as they were', async () => {
    const host = new FakeHost(before, [after]);
    await host.survey(() => '@ocr opencode /old\n@ocr profiles one');
    await host.survey(() => '@ocr opencode /old');
    expect(host.events).toEqual(['survey /old', 'survey /old']);
  });

  it('asks again when a profile file has changed, and when opencode is missing', async () => {
    const changed = new FakeHost(before, [after]);
    await changed.survey(() => '@ocr opencode /old\n@ocr profiles two');
    expect(changed.events).toEqual(['survey /old', 'login', 'survey /new']);
    const missing = new FakeHost(before, [after]);
    await missing.survey(({ login }) => (login?.opencode === '/new' ? '@ocr opencode /new' : ''));
    expect(missing.events).toEqual(['survey /old', 'login', 'survey /new']);
  });

  it('says that opencode is missing when the login shell knows none either, and asks it once', async () => {
    const host = new FakeHost(before, [after, after]);
    await expect(host.survey(() => '')).rejects.toThrow('not found');
    expect(host.events).toEqual(['survey /old', 'login', 'survey /new']);
  });

  it('has opencode name the database where there are several', async () => {
    const host = new FakeHost(before);
    const survey = await host.survey(({ confirmedDatabase }) =>
      confirmedDatabase === null ? '@ocr opencode /old\n@ocr candidates 2' : '@ocr opencode /old\n@ocr database /named',
    );
    expect(host.events).toEqual(['survey /old', 'confirm', 'survey /old /named']);
    expect(survey.report.databasePath).toBe('/named');
  });
});
