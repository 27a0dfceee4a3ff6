/** The real servers a benchmark runs on. */
export interface Addresses {
  readonly kafka: string;
  readonly mongo: string;
  readonly redis: string;
}
