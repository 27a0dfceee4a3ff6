/** A site as far as lot ids need it. `_id` is the site. */
export interface Site {
  readonly _id: string;
  /** IANA name. */
  readonly timeZone: string;
}

export const SITES = 'sites';
