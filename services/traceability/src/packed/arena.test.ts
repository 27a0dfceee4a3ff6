import { expect, test } from '@jest/globals';
import { createArena, offsetOf, pieceOf, placeIn, placeRow, type Arena } from './arena.ts';

/** A header and so many numbers after it, each of them its own. */
function put(arena: Arena, index: number, length: number): void {
  const place = placeRow(arena, index, length);
  const [piece, begin] = [pieceOf(arena, place), offsetOf(place)];
  for (let at = 0; at <= length; at++) piece[begin + at] = index * 1_000 + (at % 1_000);
}

const wrongIn = (arena: Arena, index: number, length: number): number[] => {
  const [piece, begin] = [pieceOf(arena, placeIn(arena, index)), offsetOf(placeIn(arena, index))];
  return Array.from({ length: length + 1 }, (_, at) => at).filter(
    (at) => piece[begin + at] !== index * 1_000 + (at % 1_000),
  );
};

test('a row that is longer than a piece leaves the rows after it whole', () => {
  const arena = createArena();
  const lengths = [3, 65_535, 65_536, 2, 70_000, 10, 0, 60_000, 6_000, 200_000, 1, 1, 131_071, 5];
  for (const [index, length] of lengths.entries()) put(arena, index, length);
  for (const [index, length] of lengths.entries()) expect([index, wrongIn(arena, index, length)]).toEqual([index, []]);
});
