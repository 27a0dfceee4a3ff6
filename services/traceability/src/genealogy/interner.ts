/** Gives each text a dense number, 0, 1, 2, …, so that the graph can be kept in arrays. */
export interface Interner {
  readonly size: number;
  /** The number of a text, given now if it has none. */
  intern: (text: string) => number;
  find: (text: string) => number | undefined;
  text: (index: number) => string;
}

export function createInterner(): Interner {
  const indexes = new Map<string, number>();
  const texts: string[] = [];
  return {
    get size() {
      return texts.length;
    },
    intern(text) {
      const known = indexes.get(text);
      if (known !== undefined) return known;
      indexes.set(text, texts.length);
      return texts.push(text) - 1;
    },
    find: (text) => indexes.get(text),
    text(index) {
      const text = texts[index];
      if (text === undefined) throw new RangeError(`no text has the number ${index}`);
      return text;
    },
  };
}
