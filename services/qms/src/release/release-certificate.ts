import type { Part, PrintedDocument, Printing } from '@lotwarden/platform/document';

type Signatures = (Part & { readonly kind: 'signatures' })['signatures'];

/** A release as it is shown. */
interface Certified {
  readonly lot: string;
  readonly product: string | null;
  readonly markets: readonly { readonly market: string; readonly signatures: Signatures }[];
  readonly revoked: readonly { readonly market: string; readonly signatures: Signatures }[];
  readonly heldBy: readonly string[];
}

const WORDS = {
  en: {
    title: 'Release certificate',
    lot: 'Lot',
    product: 'Product',
    markets: 'Released for',
    none: 'no market',
    held: (holds: string) =>
      `THIS LOT IS ON HOLD (${holds}). It must not be moved, used or shipped, whatever it was released for.`,
    released: (market: string) => `Released for ${market}`,
    revoked: (market: string) => `Release for ${market} taken back`,
    unknown: 'not told',
  },
  zh: {
    title: '放行证书',
    lot: '批次',
    product: '产品',
    markets: '放行市场',
    none: '无',
    held: (holds: string) => `该批次已被冻结(${holds})。无论是否放行,均不得移动、使用或发运。`,
    released: (market: string) => `${market} 市场放行`,
    revoked: (market: string) => `${market} 市场放行已撤销`,
    unknown: '未提供',
  },
} as const;

/** Whether a lot is released and who signed, at the moment of printing: a hold stands above every release. */
export function releaseCertificate(shown: Certified, { language }: Printing): PrintedDocument {
  const words = WORDS[language];
  const { lot, product, markets, revoked, heldBy } = shown;
  const held: Part[] = heldBy.length > 0 ? [{ kind: 'text', text: words.held(heldBy.join(', ')) }] : [];
  const released = markets.map(({ market }) => market).join(', ');
  const signed = (heading: string, signatures: Signatures): Part => ({ kind: 'signatures', heading, signatures });
  return {
    title: `${words.title} ${lot}`,
    parts: [
      ...held,
      {
        kind: 'fields',
        fields: [
          [words.lot, lot],
          [words.product, product ?? words.unknown],
          [words.markets, released === '' ? words.none : released],
        ],
      },
      ...markets.map(({ market, signatures }) => signed(words.released(market), signatures)),
      ...revoked.map(({ market, signatures }) => signed(words.revoked(market), signatures)),
    ],
    foot: lot,
  };
}
