import { topics } from '@lotwarden/contracts/topics';
import { Code, LotLine, LotRef, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { z } from 'zod';
import type { Limits } from './questions.ts';

export const SourceOffset = z
  .object({ topic: z.string().max(200), partition: z.number().int().min(0), next: z.number().int().min(0) })
  .meta({ id: 'SourceOffset', description: 'How far a stream was seen: every message below `next`' });

/** The answer must have seen these; it waits up to 5 s for them. */
export const MinOffsets = z
  .array(SourceOffset)
  .max(2000)
  .refine(
    (wanted) => wanted.every(({ topic }) => Object.hasOwn(topics, topic)),
    words('there is no topic of that name', '没有该名称的主题'),
  );

/** The same for what is asked by GET: JSON text. */
export const minOffsetsQuery = {
  minOffsets: z
    .string()
    .max(200_000)
    .optional()
    .transform((text, context) => {
      const read = MinOffsets.safeParse(text === undefined ? [] : jsonOf(text));
      if (read.success) return read.data;
      context.addIssue({
        code: 'custom',
        message: words(
          'a list of {topic, partition, next} as JSON, as `offsets` of an answer gives it',
          'JSON 格式的 {topic, partition, next} 列表,即应答中的 `offsets`',
        ),
      });
      return z.NEVER;
    })
    .meta({ description: 'JSON: [{"topic","partition","next"}]; the answer must have seen these' }),
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Our id, any name of any system, or a name with its system. */
export const LotName = z.union([Code, LotRef]);

export const limits = {
  offsets: z.array(SourceOffset).meta({ description: 'The answer is relative to these' }),
  complete: z.boolean().meta({ description: 'True only if nothing is missing' }),
  gaps: z.array(z.string()).meta({ description: 'What is missing, by name' }),
};

/** One thing as a table of one row. */
export const asRow = <View extends Limits>(view: View) => {
  const { offsets, complete, gaps, ...row } = view;
  return { items: [row], offsets, complete, gaps };
};

export const SerialScope = z
  .object({ mode: z.string(), ranges: z.array(SerialRange) })
  .meta({ id: 'SerialScope', description: 'Which serials of a lot are meant: all, only, all-except' });

export const ScopeLot = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    quantity: Quantity.nullable(),
    serials: SerialScope,
    certainty: z.string().meta({ description: 'Worst link of the shortest path' }),
    path: z
      .array(
        z.object({
          lot: z.string(),
          operation: z.string().nullable(),
          edge: z.string().nullable(),
          certainty: z.string().nullable(),
        }),
      )
      .meta({ description: 'Shortest path from a root' }),
    ways: z
      .array(z.object({ from: z.string(), operation: z.string() }))
      .meta({ description: 'Last steps of all paths: from which lot in scope, through which operation' }),
  })
  .meta({ id: 'ScopeLot', description: 'A lot in scope, and why' });

export const ScopeCustodian = z
  .object({ custodian: z.string(), lines: z.array(LotLine) })
  .meta({ id: 'ScopeCustodian', description: 'What a party has, used, or is about to receive of the scope' });
