import Big from 'big.js';
import type { AnswerLine, Finding, LotLine } from '@lotwarden/contracts/events';
import { contains, intersect, subtract } from '@lotwarden/platform/serial-range';

/** What in an answer does not fit the notice it answers. The answer is kept as it came, with these. */
export function answerFindings(
  notice: { readonly lines: readonly LotLine[]; readonly party: string },
  answer: readonly AnswerLine[],
): Finding[] {
  const isTold = ({ lot, unit }: AnswerLine): boolean =>
    notice.lines.some((line) => line.lot === lot && (line.quantity.unit === unit || !inManyUnits(notice.lines, lot)));
  const foreign = answer.filter((line) => !isTold(line));
  return [
    ...notice.lines.flatMap((line) => lineFindings(line, lineFor(notice.lines, line, answer))),
    ...foreign.map(({ lot }) => ({ code: 'lot-not-in-notice', subject: lot, detail: `named by ${notice.party}` })),
    ...answer.flatMap((line) => serialFindings(notice, line)),
  ];
}

const inManyUnits = (told: readonly LotLine[], lot: string): boolean =>
  new Set(told.filter((line) => line.lot === lot).map(({ quantity }) => quantity.unit)).size > 1;

/** A lot that was told in boxes and in pieces is answered in each; one that was told in one unit, in whatever unit. */
const lineFor = (told: readonly LotLine[], { lot, quantity }: LotLine, answer: readonly AnswerLine[]) =>
  answer.find((line) => line.lot === lot && line.unit === quantity.unit) ??
  (inManyUnits(told, lot) ? undefined : answer.find((line) => line.lot === lot));

function lineFindings({ lot, quantity }: LotLine, line: AnswerLine | undefined): Finding[] {
  if (!line)
    return [{ code: 'answer-without-lot', subject: lot, detail: `${quantity.value} ${quantity.unit} not spoken of` }];
  const named = [line.onHand, line.used, line.returned, line.passedOn, line.destroyed];
  const total = named.reduce((sum, value) => sum.plus(value), new Big(0));
  if (line.unit === quantity.unit && total.eq(quantity.value)) return [];
  return [
    {
      code: 'answer-does-not-add-up',
      subject: lot,
      detail: `notice ${quantity.value} ${quantity.unit}, answer ${total.toFixed()} ${line.unit}`,
    },
  ];
}

/** Serials that this party was never told of: somebody else's units, or a counterfeit. */
function serialFindings(
  notice: { readonly lines: readonly LotLine[]; readonly party: string },
  line: AnswerLine,
): Finding[] {
  const told = notice.lines.flatMap(({ serials }) => serials);
  if (contains(told, line.serials)) return [];
  return subtract(line.serials, intersect(told, line.serials)).map(({ gtin, prefix, width, first, last }) => ({
    code: 'serial-not-in-notice',
    subject: `${gtin}/${prefix}${String(first).padStart(width, '0')}${last > first ? `–${String(last)}` : ''}`,
    detail: `named by ${notice.party}`,
  }));
}
