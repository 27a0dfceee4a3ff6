import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openSync, type Font } from 'fontkit';
import PdfDocument from 'pdfkit';
import { printedWords, signatureLines, type Part, type PrintedDocument, type Printing } from './document.ts';

const require = createRequire(import.meta.url);
/** Noto Sans, with the 30,000 characters of Simplified Chinese: a name that cannot be read is no printed name. */
const FONTS = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');
const REGULAR = join(FONTS, 'NotoSansHans-Regular.otf');
const BOLD = join(FONTS, 'NotoSansHans-Bold.otf');

const MARGIN = 50;
const SMALL = 8;
const TEXT = 10;
const GREY = '#555555';

export interface Options extends Printing {
  /** Paths of fields that this reader does not get to see. */
  readonly withheld: readonly string[];
}

/**
 * A document as PDF, A4; the same document printed at the same time is the same bytes. Takes the thread that it runs on for
 * a quarter of a second per thousand lines: `createPrinter` has a process for each.
 */
export async function drawPdf(document: PrintedDocument, options: Options): Promise<Buffer> {
  const { language, at, withheld } = options;
  const words = printedWords(language);
  const date = new Date(at);
  const pdf = new PdfDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + 20 },
    bufferPages: true,
    lang: language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    info: { Title: document.title, Creator: 'Lotwarden', CreationDate: date, ModDate: date },
  });
  const bytes = buffer(pdf);
  const readable = readableWith(openSync(REGULAR) as Font);
  const write: Write = (text, { bold = false, size = TEXT, color = 'black', gap = 2 } = {}) => {
    pdf
      .font(bold ? BOLD : REGULAR)
      .fontSize(size)
      .fillColor(color);
    pdf.text(readable(text), { paragraphGap: gap });
  };

  write(document.title, { bold: true, size: 18, gap: 8 });
  for (const part of document.parts) {
    if (part.kind !== 'text' || part.heading !== undefined) pdf.moveDown(0.5);
    if (part.heading !== undefined) write(part.heading, { bold: true, size: 12, gap: 4 });
    if (part.kind === 'table') table(pdf, part, readable, write);
    else if (part.kind === 'signatures') signatures(part, language, write);
    else if (part.kind === 'fields') for (const [label, value] of part.fields) write(`${label}: ${value}`);
    else write(part.text);
  }
  if (withheld.length > 0) {
    pdf.moveDown(0.5);
    write(`${words.withheld}: ${withheld.join(', ')}`, { size: SMALL, color: GREY });
  }

  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page);
    const { height } = pdf.page;
    // Below the margin, where a line would otherwise begin another page.
    pdf.page.margins.bottom = 0;
    pdf.font(REGULAR).fontSize(SMALL).fillColor(GREY);
    pdf.text(readable(`${document.foot} · ${words.printed(at)} · ${words.page(page - start + 1, count)}`), MARGIN, height - MARGIN, { lineBreak: false }); // prettier-ignore
  }
  pdf.end();
  return bytes;
}

type Write = (
  text: string,
  how?: { readonly bold?: boolean; readonly size?: number; readonly color?: string; readonly gap?: number },
) => void;

function table(
  pdf: PDFKit.PDFDocument,
  { columns, rows, none }: Part & { kind: 'table' },
  readable: (text: string) => string,
  write: Write,
): void {
  if (rows.length === 0) {
    write(none);
    return;
  }
  pdf.font(REGULAR).fontSize(SMALL).fillColor('black');
  const cell = { border: { bottom: 0.5 }, borderColor: '#999999', padding: 3 };
  pdf.table({
    defaultStyle: { ...cell, border: [0, 0, 0.5, 0] },
    data: [columns.map((text) => ({ text: readable(text), font: { src: BOLD } })), ...rows.map((row) => row.map(readable))], // prettier-ignore
  });
  pdf.x = MARGIN;
}

function signatures(
  { signatures: given }: Part & { kind: 'signatures' },
  language: Printing['language'],
  write: Write,
): void {
  // prettier-ignore
  if (given.length === 0) write(printedWords(language).unsigned);
  for (const shown of given) {
    const { name, lines } = signatureLines(shown, language);
    write(name, { bold: true, gap: 0 });
    for (const [n, line] of lines.entries()) write(line, { size: n < 2 ? TEXT : SMALL, gap: n === lines.length - 1 ? 8 : 0 }); // prettier-ignore
  }
}

/** What the font cannot draw is told by its code point, never left out or shown as an empty box. */
const readableWith =
  (font: Font) =>
  (text: string): string =>
    [...text]
      .map((sign) => {
        const point = sign.codePointAt(0) ?? 0;
        if (sign === '\n' || font.hasGlyphForCodePoint(point)) return sign;
        return `[U+${point.toString(16).toUpperCase().padStart(4, '0')}]`;
      })
      .join('');
