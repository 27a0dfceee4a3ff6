/** One field of a scanned text. */
export interface ScanElement {
  /** Application identifier; of HIBC the name of the field. */
  readonly ai: string;
  readonly title: string;
  readonly value: string;
  /** Why it cannot be right: ai-unknown, length, characters, date, check-digit. */
  readonly fault: string | null;
}
