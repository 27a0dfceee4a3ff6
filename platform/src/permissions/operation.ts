import type { Role } from './roles.ts';

/** One thing that somebody may be allowed to do, and everything that is asked of whoever does it. */
export interface Operation {
  readonly what: { readonly en: string; readonly zh: string };
  /** Who may (21 CFR 11.10(d)(g)); nobody else. */
  readonly by: readonly Role[];
  /** Who is bound to sites does it only there. */
  readonly site?: true;
  /** Who is bound to markets does it only for these. */
  readonly market?: true;
  /** Who acts for an outside party may do it, for that party; whatever is not so marked is for our own house only. */
  readonly ownParty?: true;
  /** It takes an electronic signature with one of these meanings; a token alone does nothing (21 CFR 11.200). */
  readonly signed?: readonly string[];
  /** It takes two people: whoever signs has not done what is signed for. */
  readonly twoPerson?: true;
  /** It takes a registered device where the installation asks for one (21 CFR 11.10(h)). */
  readonly knownDevice?: true;
  /** Which routes do it: `<service> <METHOD> <path>`; `*` is every service. */
  readonly ways: readonly string[];
}

export type Operations = Readonly<Record<string, Operation>>;
