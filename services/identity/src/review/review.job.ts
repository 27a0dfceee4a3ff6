import { job, type Job } from '@lotwarden/platform/jobs';
import type { Reviews } from './review.store.ts';

const HOUR = 3_600_000;

/** Opens the review that is due, tells of one that is overdue, and carries out what a stop interrupted. */
export const watchReviews = (reviews: Pick<Reviews, 'look'>): Job =>
  job({ name: 'watch-access-reviews', every: HOUR, handle: () => reviews.look() });
