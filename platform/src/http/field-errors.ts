import type { z } from 'zod';
import type { Language } from '../messages.ts';
import { wordsIn } from './words.ts';

/** One wrong field: where it is (JSON pointer), what kind of wrong, and words for it. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Everything that is wrong, each where it is; of something that may have several forms, as of the form it comes closest to.
 *
 * @param value what was checked
 */
export const fieldErrors = (error: z.ZodError, language: Language, value: unknown): FieldError[] =>
  error.issues.flatMap((issue) => errorsOf(issue, { path: [], value, language }));

interface Where {
  readonly path: Path;
  /** What is there. */
  readonly value: unknown;
  readonly language: Language;
}

function errorsOf(issue: Issue, { path: before, value, language }: Where): FieldError[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return closest(formsOf(issue.errors), { path, value: at(value, issue.path), language });
  const message = wordsIn(language, issue.message);
  return [{ path: pointer(path), code: issue.code.replaceAll('_', '-'), message }];
}

type Form = readonly Issue[];

/** A form that has several forms itself is these. */
const formsOf = (forms: readonly Form[]): Form[] =>
  forms.flatMap((issues) => {
    const [only, ...others] = issues;
    const isUnion = only?.code === 'invalid_union' && only.path.length === 0 && others.length === 0;
    return isUnion ? formsOf(only.errors) : [issues];
  });

/** Of several that are as close what is wrong with all of them, and what each of them would need. */
function closest(forms: readonly Form[], where: Where): FieldError[] {
  const far = forms.map((issues) => sum(issues.map((issue) => distance(issue, where.value))));
  const nearest = Math.min(...far);
  const near = forms
    .filter((_, one) => far[one] === nearest)
    .map((issues) => issues.flatMap((issue) => errorsOf(issue, where)));
  const [first = [], ...others] = near;
  if (others.length === 0) return first;
  const isIn = (all: readonly FieldError[], one: FieldError): boolean =>
    all.some((other) => other.path === one.path && other.message === one.message);
  const inAll = near.flat().filter((one, n, all) => one.code === 'unrecognized-keys' && !isIn(all.slice(0, n), one));
  const path = pointer(where.path);
  const needs = near.map((all) => all.filter((one) => !isIn(inAll, one)));
  const isMissing = needs.every((all) => all.length > 0 && all.every((one) => one.path.length > path.length));
  if (!isMissing) return [{ path, code: 'invalid-union', message: [...new Set(needs.flat().map(({ message }) => message))].join('; ') }]; // prettier-ignore
  const fields = needs.map((all) => all.map((one) => one.path.slice(path.length + 1)).join(' + '));
  const message =
    where.language === 'zh' ? `需要其中之一:${fields.join('、')}` : `One of these is needed: ${fields.join(', ')}`;
  return [...inAll, { path, code: 'invalid-union', message }];
}

/** Another type altogether is farther than what is missing or unknown, and that is farther than what is there and wrong. */
function distance(issue: Issue, value: unknown): number {
  if (issue.code === 'unrecognized_keys') return 10 * issue.keys.length;
  if (issue.path.length === 0) return issue.code === 'invalid_type' ? 100 : 1;
  return issue.path.length === 1 && at(value, issue.path) === undefined ? 10 : 1;
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const pointer = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
