/** Words of the Core Business Vocabulary, however they are written: bare, as a CURIE, as a Web URI or as the old URN. */

interface Vocabulary {
  readonly urn: string;
  readonly web: string;
}

const CBV = 'https://ref.gs1.org/cbv/';

const VOCABULARIES = {
  bizStep: { urn: 'urn:epcglobal:cbv:bizstep:', web: 'BizStep-' },
  disposition: { urn: 'urn:epcglobal:cbv:disp:', web: 'Disp-' },
  bizTransaction: { urn: 'urn:epcglobal:cbv:btt:', web: 'BTT-' },
  sourceDestination: { urn: 'urn:epcglobal:cbv:sdt:', web: 'SDT-' },
  errorReason: { urn: 'urn:epcglobal:cbv:er:', web: 'ER-' },
  component: { urn: 'urn:epcglobal:cbv:comp:', web: 'Comp-' },
} as const satisfies Readonly<Record<string, Vocabulary>>;

export type VocabularyName = keyof typeof VOCABULARIES;

const GS1 = 'https://gs1.org/voc/';

const after = (text: string, beginnings: readonly string[]): string | undefined => {
  const beginning = beginnings.find((one) => text.startsWith(one));
  return beginning === undefined ? undefined : text.slice(beginning.length);
};

/** `shipping` for every way of writing it; words that are not of the standard stay as they are. */
export function bare(vocabulary: VocabularyName, term: string): string {
  const { urn, web } = VOCABULARIES[vocabulary];
  return after(term, [urn, CBV + web, `cbv:${web}`, `https://ns.gs1.org/cbv/${web}`]) ?? term;
}

/** The Web URI that the event hash is made of. */
export function webUri(vocabulary: VocabularyName, term: string): string {
  const word = bare(vocabulary, term);
  return word.includes(':') ? word : `${CBV}${VOCABULARIES[vocabulary].web}${word}`;
}

/** Of the GS1 Web Vocabulary, where measurements and alerts of sensors are named. */
export const bareGs1 = (term: string): string => after(term, [GS1, 'gs1:', 'https://www.gs1.org/voc/']) ?? term;

export const webUriGs1 = (term: string): string => {
  const word = bareGs1(term);
  return word.includes(':') ? word : `${GS1}${word}`;
};
