import type { FormSpec } from '../../../src/store/form/form.ts';

/** Text from a hostile remote or a careless user. */
export const HOSTILE = `\u001b[31mred\u001b[0m\u001b]0;title\u0007 ${'漢字'.repeat(80)} \u202egnp.exe\u0000 e\u0301\u0301 👩‍💻🇩🇪 ${'x'.repeat(300)}`;

const option = (value: string, description?: string) => ({
  value,
  label: value,
  ...(description === undefined ? {} : { description }),
});

/** The form for a new session. */
export const NEW_SESSION: FormSpec = {
  title: 'New session on web1',
  submitLabel: 'create',
  notes: [{ text: 'The server of web1 is started when none runs.' }, { text: 'web1 is busy.', warn: true }],
  fields: [
    {
      kind: 'text',
      name: 'directory',
      label: 'Directory',
      required: true,
      completes: true,
      suggestions: ['/srv/shop', '/srv/site', '/home/ada/web'].map((value) => ({ value, description: 'project' })),
      hint: 'It is made when there is none.',
    },
    { kind: 'text', name: 'title', label: 'Title', placeholder: 'named by the model' },
    {
      kind: 'choice',
      name: 'agent',
      label: 'Agent',
      options: [option('build', 'edits'), option('plan')],
      initial: 'build',
    },
    {
      kind: 'choice',
      name: 'model',
      label: 'Model',
      options: Array.from({ length: 40 }, (_, at) => option(`model-${at}`, `the ${at}th model of some provider`)),
    },
    {
      kind: 'text',
      name: 'prompt',
      label: 'Prompt',
      multiline: true,
      placeholder: 'none',
      hint: 'alt+enter: a new line',
    },
    { kind: 'toggle', name: 'attach', label: 'Attach', initial: true, hint: 'Open it at once.' },
  ],
};

/** A form in which everything is as bad as it can be. */
export const HOSTILE_FORM: FormSpec = {
  title: HOSTILE,
  submitLabel: HOSTILE,
  notes: [{ text: HOSTILE }, { text: `${HOSTILE}\n\n${HOSTILE}`, warn: true }],
  fields: [
    {
      kind: 'text',
      name: 'text',
      label: HOSTILE,
      initial: HOSTILE,
      placeholder: HOSTILE,
      hint: HOSTILE,
      completes: true,
      suggestions: [option(HOSTILE, HOSTILE), option(`${HOSTILE}x`)],
    },
    { kind: 'text', name: 'empty', label: 'Empty', placeholder: HOSTILE },
    {
      kind: 'choice',
      name: 'choice',
      label: HOSTILE,
      options: [option(HOSTILE, HOSTILE), option('', '')],
      initial: HOSTILE,
      hint: HOSTILE,
    },
    { kind: 'choice', name: 'own', label: 'Own', options: [option(HOSTILE)], custom: true, initial: `${HOSTILE}y` },
    {
      kind: 'multi',
      name: 'multi',
      label: HOSTILE,
      options: Array.from({ length: 30 }, () => option(HOSTILE, HOSTILE)),
      initial: [HOSTILE],
      custom: true,
    },
    {
      kind: 'text',
      name: 'area',
      label: HOSTILE,
      multiline: true,
      initial: `${HOSTILE}\n\t\r\n\u0301\n`.repeat(30),
      hint: HOSTILE,
    },
    { kind: 'toggle', name: 'toggle', label: HOSTILE, hint: HOSTILE },
  ],
};
