/** What is wrong with a document or an event, and where (JSON pointer). */
export interface Fault {
  readonly path: string;
  readonly message: string;
}
