/** A situation of the rules of genealogy, and the tests that prove it. */
export interface Row {
  /** What `make scenario NAME=…` calls it. */
  readonly name: string;
  readonly situation: string;
  readonly tests: readonly Named[];
}

/** A test by the beginning of its name, and where it is. */
export interface Named {
  readonly in: string;
  readonly name: string;
}

export const SCENARIOS = 'services/traceability/test/scenarios';

/** The rows of docs/traceability/rules.md that name a test; a row without a situation goes on with the one above it. */
export const readRows = (page: string): Row[] =>
  page.split('\n').reduce<Row[]>((found, line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const tests = cells.at(-2) ?? '';
    if (!line.startsWith('|') || !tests.includes('…')) return found;
    const situation = cells[1] === '' ? (found.at(-1)?.situation ?? '') : (cells[1] ?? '');
    return [
      ...found,
      { name: nameOf(situation), situation, tests: tests.split(/(?<=…)[,;] |(?<=\)); /).map(readName) },
    ];
  }, []);

/** The tests of each name, those of a situation's further rows with it. */
export function testsByName(rows: readonly Row[]): Map<string, Named[]> {
  const found = new Map<string, Named[]>();
  for (const { name, tests } of rows) found.set(name, [...(found.get(name) ?? []), ...tests]);
  return found;
}

/** What is printed bold, in small letters: `**Return to stock** (…)` is return-to-stock. */
const nameOf = (situation: string): string =>
  (/\*\*(.*?)\*\*/.exec(situation)?.[1] ?? situation)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** `name…`, `service: name…`, `name… (\`file\`)` */
function readName(text: string): Named {
  const [, name = '', file] = /^(.*?)…(?: \(`(.*)`\))?$/.exec(text) ?? [];
  if (file !== undefined) return { in: `services/traceability/src/**/${file}`, name };
  const [, place, rest = ''] = /^(mes-bridge|serialization|test): (.*)$/.exec(name) ?? [];
  if (place === undefined) return { in: `${SCENARIOS}/*.test.ts`, name };
  return { in: place === 'test' ? 'test/*.test.ts' : `services/${place}/**/*.test.ts`, name: rest };
}
