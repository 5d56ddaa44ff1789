import type { ConfirmState } from './form/confirm.ts';
import type { FormState } from './form/form.ts';
import type { PagerState } from './form/pager.ts';
import type { ResultState } from './form/results.ts';

/** A dialog with the keyboard, in which the user types, chooses or reads. */
export type Modal =
  | { readonly kind: 'form'; readonly form: FormState }
  | { readonly kind: 'confirm'; readonly confirm: ConfirmState }
  | { readonly kind: 'results'; readonly results: ResultState }
  | { readonly kind: 'pager'; readonly pager: PagerState };
