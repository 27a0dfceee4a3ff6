import type { Deps } from '@lotwarden/platform/service';
import { evolve as evolveComplaint, NO_COMPLAINT } from './complaint/complaint.ts';
import { evolve as evolveInspection, NO_INSPECTION } from './inspection/inspection.ts';
import { evolve as evolveNonconformance, NO_NONCONFORMANCE } from './nonconformance/nonconformance.ts';
import { evolve as evolveQuality, NOTHING_KNOWN } from './release/lot-quality.ts';
import { evolve as evolveRelease, UNRELEASED } from './release/release.ts';
import { evolve as evolveSpecification, UNKNOWN_SPECIFICATION } from './specification/specification.ts';

/** The aggregates of this service: what it decides about, each in a collection of its own. */
export const openHouse = ({ aggregate }: Pick<Deps, 'aggregate'>) => ({
  inspections: aggregate({
    collection: 'inspections',
    topic: 'qms.inspection.v1',
    initial: NO_INSPECTION,
    evolve: evolveInspection,
    indexes: [{ key: { 'state.lot': 1, _id: 1 } }],
  }),
  nonconformances: aggregate({
    collection: 'nonconformances',
    topic: 'qms.nonconformance.v1',
    initial: NO_NONCONFORMANCE,
    evolve: evolveNonconformance,
    indexes: [{ key: { 'state.lot': 1, _id: 1 } }],
  }),
  complaints: aggregate({
    collection: 'complaints',
    topic: 'qms.complaint.v1',
    initial: NO_COMPLAINT,
    evolve: evolveComplaint,
  }),
  /** Also the gate's document: holds lie on it. */
  releases: aggregate({
    collection: 'releases',
    topic: 'qms.release.v1',
    initial: UNRELEASED,
    evolve: evolveRelease,
  }),
  specifications: aggregate({
    collection: 'specifications',
    initial: UNKNOWN_SPECIFICATION,
    evolve: evolveSpecification,
  }),
  quality: aggregate({ collection: 'lot_quality', initial: NOTHING_KNOWN, evolve: evolveQuality }),
});

export type House = ReturnType<typeof openHouse>;
