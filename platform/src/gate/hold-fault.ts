import { LotwardenError } from '../errors.ts';
import type { ClosedBecause } from './watch.ts';

/** The gate cannot go on reading holds; it closes until it could. */
export class HoldFault extends LotwardenError {
  override readonly name = 'HoldFault';
  readonly retriable = true;
  readonly because: ClosedBecause;

  constructor(because: ClosedBecause, detail: Record<string, unknown>, options?: ErrorOptions) {
    super(because, detail, options);
    this.because = because;
  }
}
