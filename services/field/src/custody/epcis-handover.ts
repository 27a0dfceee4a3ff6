import type { EpcisGoods, EventOf, LotLine } from '@lotwarden/contracts/events';
import { OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';
import { parseSerial, type SerialRange } from '@lotwarden/platform/serial-range';

type Captured = EventOf<'traceability.epcis.v1'>;

/** Goods that went from one party's hands to another's, as an EPCIS event tells it. */
export interface Handover {
  /** null where the goods only left, or only came. */
  readonly from: string | null;
  readonly to: string | null;
  readonly goods: readonly EpcisGoods[];
}

/** In which way somebody may tell what he tells; else why not. */
export type Reading =
  { readonly handover: Handover } | { readonly ignored: 'says-nothing-of-custody' | 'not-his-to-tell' };

const NOTHING: Reading = { ignored: 'says-nothing-of-custody' };

/**
 * Custody as our own shipments give it: the moment the goods leave. What a receiver says afterwards is his proof, and moves
 * only units of which nobody had told that they were sent. What leaves our house, or comes back to it, our warehouse tells.
 */
export function readHandover(event: Captured, ownParties: readonly string[]): Reading {
  const { bizStep, action, goods } = event;
  const source = event.source === null ? null : partyOf(event.source);
  const destination = event.destination === null ? null : partyOf(event.destination);
  const ours = (party: string | null) => party !== null && ownParties.includes(party);
  const handed = goods.filter(({ role }) => role === 'object');
  if (event.eventType !== 'ObjectEvent' || handed.length === 0 || ours(source) || ours(destination)) return NOTHING;
  if (bizStep === 'shipping' || bizStep === 'departing')
    return destination === null ? NOTHING : allowed(event, { from: source, to: destination, goods: handed });
  if (bizStep === 'receiving' || bizStep === 'accepting')
    return destination === null
      ? NOTHING
      : allowed(event, { from: source, to: destination, goods: handed.filter(isUnit) });
  if (bizStep === 'destroying' && action === 'DELETE')
    return source === null ? NOTHING : allowed(event, { from: source, to: null, goods: handed });
  return NOTHING;
}

/** Our own middleware may tell of anybody; a partner of goods that go out of his hands, or come into them. */
function allowed({ party, bizStep }: Captured, handover: Handover): Reading {
  if (party === null) return { handover };
  const his = bizStep === 'receiving' || bizStep === 'accepting' ? handover.to : handover.from;
  return his === party ? { handover } : { ignored: 'not-his-to-tell' };
}

const KEY = /^https:\/\/id\.gs1\.org\/(?:417|414)\/(\d{13})(?:\/|$)/;
const OWN_PARTY = 'urn:lotwarden:party:';

/** A party is known by its GLN, or by our own id for it; any other URI is its own name. */
export function partyOf(uri: string): string {
  if (uri.startsWith(OWN_PARTY)) return decoded(uri.slice(OWN_PARTY.length));
  return KEY.exec(uri)?.[1] ?? uri;
}

const UNIT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([^/]+)$/;
const LOT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/10\/([^/]+)$/;
const OWN_LOT = 'urn:lotwarden:lot:';
/** Our lot ids fit on a label as they are. */
const OWN_ID = /^[MPF]-[A-Z0-9]+-\d{6}-\d{5}$/;

const isUnit = ({ id }: EpcisGoods): boolean => UNIT.test(id);

/** The unit that an id names; undefined for ids that name no unit of a GTIN, or one without a number. */
export function unitIn({ id }: EpcisGoods): SerialRange | undefined {
  const [, gtin = '', serial = ''] = UNIT.exec(id) ?? [];
  const text = decoded(serial);
  return gtin !== '' && /\d{1,15}$/.test(text) ? parseSerial(gtin, text) : undefined;
}

/** The lot that an id names: ours, or as the label of a GTIN says it. */
export function lotIn({ id }: EpcisGoods): LotRef | undefined {
  if (id.startsWith(OWN_LOT)) return { system: OWN_SYSTEM, code: decoded(id.slice(OWN_LOT.length)) };
  const [, gtin = '', label = ''] = LOT.exec(id) ?? [];
  if (gtin === '') return undefined;
  const code = decoded(label);
  return OWN_ID.test(code) ? { system: OWN_SYSTEM, code } : { system: `gs1:${gtin}`, code };
}

/** Units one by one; what was already put together as a lot stays as it is. */
export const lineOf = (lot: string, quantity: LotLine['quantity'], serials: readonly SerialRange[] = []): LotLine => ({
  lot,
  quantity,
  serials,
  containers: [],
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
