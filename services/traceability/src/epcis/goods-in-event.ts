import type { EpcisGoods } from '@lotwarden/contracts/events';
import { normalised } from './epc-forms.ts';
import { isObject, objectsOf, textsOf, written, type JsonObject } from './json.ts';
import { fullName } from './index-event.ts';
import { namespacesOf } from './namespaces.ts';
import { bare } from './terms.ts';

/** What readers of captured events need, without knowing how many ways there are to write it. */
export interface Statement {
  readonly action: string | null;
  readonly bizStep: string | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly readPoint: string | null;
  readonly parent: string | null;
  readonly goods: readonly EpcisGoods[];
  readonly declaredWrong: boolean;
}

const THINGS = [
  ['epcList', 'object'],
  ['childEPCs', 'child'],
  ['inputEPCList', 'input'],
  ['outputEPCList', 'output'],
] as const;
const CLASSES = [
  ['quantityList', 'object'],
  ['childQuantityList', 'child'],
  ['inputQuantityList', 'input'],
  ['outputQuantityList', 'output'],
] as const;

export function statementOf(event: JsonObject): Statement {
  const { action, bizStep, parentID, readPoint } = event;
  const place = isObject(readPoint) ? readPoint['id'] : undefined;
  return {
    action: typeof action === 'string' ? action : null,
    bizStep: typeof bizStep === 'string' ? bare('bizStep', bizStep) : null,
    source: partyIn(event, 'source'),
    destination: partyIn(event, 'destination'),
    readPoint: typeof place === 'string' ? normalised(place) : null,
    parent: typeof parentID === 'string' ? normalised(parentID) : null,
    goods: [
      ...THINGS.flatMap(([field, role]) =>
        textsOf(event[field]).map((epc) => ({ role, id: normalised(epc), quantity: null })),
      ),
      ...CLASSES.flatMap(([field, role]) => objectsOf(event[field]).map((item) => goodsOf(role, item))),
    ],
    declaredWrong: isObject(event['errorDeclaration']),
  };
}

function goodsOf(role: string, { epcClass, quantity, uom }: JsonObject): EpcisGoods {
  const unit = typeof uom === 'string' ? uom : 'EA';
  // More digits than a decimal of ours has would be rounded silently; nobody counts goods like that.
  const value = typeof quantity === 'number' ? quantity.toFixed(9).replace(/\.?0+$/, '') : undefined;
  return { role, id: normalised(written(epcClass)), quantity: value === undefined ? null : { value, unit } };
}

/** The lot number in the master data of what came into being, however its name is written. */
export function lotNumberIn(event: JsonObject): string | null {
  const { ilmd } = event;
  if (!isObject(ilmd)) return null;
  const namespaces = namespacesOf(event['@context']);
  const found = Object.entries(ilmd).find(([name]) => fullName(name, namespaces) === LOT_NUMBER)?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}

const LOT_NUMBER = 'urn:epcglobal:cbv:mda:lotNumber';

/** Whoever has the goods counts; who owns them only where nobody says who has them. */
function partyIn(event: JsonObject, part: 'source' | 'destination'): string | null {
  const listed = objectsOf(event[`${part}List`]);
  for (const type of ['possessing_party', 'owning_party', 'location']) {
    const found = listed.find((item) => bare('sourceDestination', written(item['type'])) === type);
    if (found) return normalised(written(found[part]));
  }
  return null;
}
