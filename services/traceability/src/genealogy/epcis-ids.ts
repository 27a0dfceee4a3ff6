import { placeholderLotId } from '@lotwarden/platform/ids';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import { parseSerial, type SerialRange } from '@lotwarden/platform/serial-range';
import { normalised } from '../epcis/epc-forms.ts';

const SSCC = /^https:\/\/id\.gs1\.org\/00\/(\d{18})$/;
const LOT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/10\/([^/]+)$/;
const UNIT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([^/]+)$/;
/** AI 21: at most twenty characters one can print; ours end in a number. */
const NUMBERED = /^[\x21-\x7e]{0,19}\d$/;
const OWN_LOT = 'urn:lotwarden:lot:';
const OWN_ID = /^[MPF]-[A-Z0-9]+-\d{6}-\d{5}$/;

export const isContainer = (id: string): boolean => SSCC.test(id);

/** A pallet label's number, as our own containers are called by it; another name as it is. */
export const containerOf = (id: string): string => SSCC.exec(id)?.[1] ?? id;

/** Our own lot, or the placeholder of a lot that a GTIN's label names; undefined for single units and other things. */
export function lotOf(id: string): string | undefined {
  if (id.startsWith(OWN_LOT)) return decoded(id.slice(OWN_LOT.length));
  const [, gtin = '', label = ''] = LOT.exec(id) ?? [];
  return gtin === '' ? undefined : lotOfLabel(gtin, decoded(label));
}

/** A lot by what its label says: our own ids fit on a label as they are. */
export const lotOfLabel = (gtin: string, code: string): string =>
  OWN_ID.test(code) ? code : placeholderLotId({ system: `gs1:${gtin}`, code });

/** A single thing with a serial of its own. */
export interface Unit {
  readonly gtin: string;
  readonly serial: string;
  /** Its place among our serials; undefined for a serial that does not end in a number, which none of ours does. */
  readonly range: SerialRange | undefined;
}

export function unitOf(id: string): Unit | undefined {
  const [, gtin = '', written = ''] = UNIT.exec(id) ?? [];
  if (gtin === '') return undefined;
  return unitWith(gtin, decoded(written));
}

const unitWith = (gtin: string, serial: string): Unit => ({
  gtin,
  serial,
  range: NUMBERED.test(serial) ? parseSerial(gtin, serial) : undefined,
});

/** Of units; no GTIN's label is called that. */
const UNITS = 'sgtin:';

/** The node in which a unit stands as long as nobody has said which lot it is of. */
export const unitRef = ({ gtin, serial }: Unit): LotRef => ({ system: UNITS + gtin, code: serial });

/** Undefined for the names of other lots. */
export const unitOfRef = ({ system, code }: LotRef): Unit | undefined =>
  system.startsWith(UNITS) ? unitWith(system.slice(UNITS.length), code) : undefined;

/** The unit's canonical Digital Link. */
export const linkOf = ({ gtin, serial }: Unit): string =>
  normalised(`https://id.gs1.org/01/${gtin}/21/${encodeURIComponent(serial)}`);

export const unitLotId = (unit: Unit): string => placeholderLotId(unitRef(unit));

/** A Digital Link may carry any text behind its last `%`: an id that is none is compared as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
