import { list } from '@lotwarden/platform/config';
import { z } from 'zod';

export const config = z.object({
  /** Our own GLNs or party ids, separated by commas: what leaves or reaches them our warehouse tells, not EPCIS. */
  ownParties: list().prefault(''),
});
