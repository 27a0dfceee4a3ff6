import { lotId, type LotKind } from '@lotwarden/platform/ids';
import { localDate } from '@lotwarden/platform/instant';
import type { LotDirectory, Resolved } from '@lotwarden/platform/lot-directory';
import { OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';
import { Rejected } from '@lotwarden/platform/errors';
import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored, Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { revisionInForce } from '../product/product.ts';
import type { Placeholders } from './placeholders.store.ts';
import { declareLot, type ProductionLot } from './production-lot.ts';

/** A lot somebody makes. */
export interface Made {
  readonly product: string;
  readonly site: string;
  readonly workOrder: string | null;
  /** The specification in force at this moment is what it is made to. */
  readonly moment: string;
}

interface Needs {
  readonly deps: Pick<Deps, 'db'>;
  readonly house: House;
  readonly directory: LotDirectory;
  readonly placeholders: Placeholders;
  readonly timeZone: string;
}

/** Which lots people and systems mean; those we make get their ids here. */
export const lotNames = ({ deps, house, directory, placeholders, timeZone }: Needs) => {
  const { lots, products, sites } = house;
  const next = sequences(deps.db);

  /** A database restored from a backup counts from where it was; numbers given since then are passed over. */
  async function mint(kind: LotKind, { site, moment }: Made): Promise<string> {
    const registered = await sites.findOne({ _id: site });
    const date = localDate(moment, registered?.timeZone ?? timeZone);
    for (;;) {
      const lot = lotId(kind, site, date, await next(`production-lot|${kind}|${site}|${date}`));
      if (!(await lots.get(lot))) return lot;
    }
  }

  async function lotNamed({ system, code }: LotRef): Promise<Stored<ProductionLot> | undefined> {
    const named = { 'state.aliases': { $elemMatch: { system, code } }, 'state.status': 'declared' };
    return (await lots.find(named, { limit: 1 })).items[0];
  }

  /** A name given before this database was restored is on its lot, which came back from the own topic: learnt again. */
  async function resolve(refs: readonly LotRef[], work: Work): Promise<readonly Resolved[]> {
    const resolved = await directory.resolve(refs, work);
    for (const { ref } of resolved.filter(({ known }) => !known)) {
      const found = await lotNamed(ref);
      if (found) await directory.learn(work, { lot: found.id, aliases: [ref] }, placeholders.merge);
    }
    return directory.resolve(refs, work);
  }

  /**
   * The same name is always the same lot, however often and however simultaneously it is declared: the names are
   * written in the same transaction, and a name that is there makes the unit run again.
   */
  async function declare(work: Work, aliases: readonly LotRef[], made: Made): Promise<Stored<ProductionLot>> {
    const { product, site, workOrder, moment } = made;
    const resolved = await resolve(aliases, work);
    const known = [...new Set(resolved.filter((name) => name.known).map(({ lot }) => lot))];
    const [first, other] = known;
    if (first !== undefined && other !== undefined) throw new Rejected('lots-of-several-names', { first, other });
    // A name of a supplier's lot: receiving's, not ours to declare.
    if (first !== undefined && (await work.load(lots, [first]))[0]?.state.status === 'unknown')
      throw new Rejected('lot-of-supplier', { lot: first });
    const [specified] = await work.load(products, [product]);
    const revision = specified && revisionInForce(specified.state, moment);
    const lot = first ?? (await mint(revision?.kind === 'finished' ? 'F' : 'P', made));
    const facts = { product, revision: revision?.revision ?? null, kind: revision?.kind ?? 'unknown' };
    await work.change(lots, lot, (state) =>
      declareLot(state, { lot, ...facts, site, workOrder, aliases, placeholder: false }),
    );
    await placeholders.holdsOf(work, aliases, lot);
    await directory.learn(work, { lot, aliases }, placeholders.merge);
    const [declared] = await work.load(lots, [lot]);
    if (!declared) throw new Error('a load answers for every id');
    return declared;
  }

  return {
    declare,

    /** What came out, by the source's name for it: a name that is new is a new lot of the product. */
    output: async (work: Work, ref: LotRef, made: Made): Promise<string> => {
      const [named] = await resolve([ref], work);
      // Our own ids are minted here alone: one that is not known stays as it was said, and is flagged.
      if (named && (named.known || ref.system === OWN_SYSTEM)) return named.lot;
      return (await declare(work, [ref], made)).id;
    },

    /** What went in, by the source's name for it; a name that nobody knows gets a placeholder. */
    input: async (
      work: Work,
      ref: LotRef,
      { operation, site }: { operation: string; site: string },
    ): Promise<string> => {
      const [named] = await resolve([ref], work);
      if (!named) throw new Error('a name is always resolved');
      if (!named.known) {
        await placeholders.declare(work, named.lot, ref, site);
        await placeholders.use(work, named.lot, operation);
      }
      return named.lot;
    },

    /** What was mounted, or went through a load: named, not used up; a name that nobody knows gets a placeholder. */
    mentioned: async (work: Work, ref: LotRef, site: string): Promise<string> => {
      const [named] = await resolve([ref], work);
      if (!named) throw new Error('a name is always resolved');
      if (!named.known) await placeholders.declare(work, named.lot, ref, site);
      return named.lot;
    },

    /** For readers: changes nothing. */
    find: async (ref: LotRef): Promise<Stored<ProductionLot> | undefined> => {
      const [named] = await directory.resolve([ref]);
      if (named && !named.known) return (await lotNamed(ref)) ?? lots.get(named.lot);
      return named && lots.get(named.lot);
    },
  };
};

export type LotNames = ReturnType<typeof lotNames>;
