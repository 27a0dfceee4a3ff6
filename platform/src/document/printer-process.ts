import type { PrintedDocument } from './document.ts';
import { drawPdf, type Options } from './draw-pdf.client.ts';

/** What a printing process is given. */
export interface Print {
  readonly document: PrintedDocument;
  readonly options: Options;
}

/** What it gives, once. */
export type Drawn = { readonly bytes: Uint8Array } | { readonly error: string };

process.once('message', (print: Print) => {
  void drawPdf(print.document, print.options)
    .then(
      (bytes): Drawn => ({ bytes }),
      (error: unknown): Drawn => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    .then((drawn) => process.send?.(drawn, () => process.disconnect()));
});
