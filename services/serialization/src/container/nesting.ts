import { Rejected } from '@lotwarden/platform/errors';

/** Where a container is: in one other at most. */
export interface Nesting {
  readonly parent: string | null;
}

export interface NestingEvent {
  readonly type: 'PutInto' | 'TakenOut';
  readonly parent: string;
}

export const LOOSE: Nesting = { parent: null };

export const evolve = (_nesting: Nesting, { type, parent }: NestingEvent): Nesting => ({
  parent: type === 'PutInto' ? parent : null,
});

/** Throws `container-already-packed`. */
export function putInto({ parent: known }: Nesting, container: string, parent: string): NestingEvent[] {
  if (known !== null) throw new Rejected('container-already-packed', { container, parent: known });
  return [{ type: 'PutInto', parent }];
}

export const takeOut = ({ parent }: Nesting): NestingEvent[] => (parent === null ? [] : [{ type: 'TakenOut', parent }]);

/** What lies inside another container cannot be opened by itself. Throws `container-inside-another`. */
export function assertLoose({ parent }: Nesting, container: string): void {
  if (parent !== null) throw new Rejected('container-inside-another', { container, parent });
}
