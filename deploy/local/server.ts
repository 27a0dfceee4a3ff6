import type { Environment, ServerName, Survey } from './find.ts';
import type { Command } from './processes.ts';

/** Where one server of one run lives. */
export type Place = {
  readonly host: string;
  readonly port: number;
  /** A second port, for servers that talk to themselves. */
  readonly innerPort: number;
  /** Data, gone with the run. */
  readonly dir: string;
};

/** What the stack needs to know of a server. `P` is how its program is named once it was found. */
export type ServerKind<P> = {
  readonly name: ServerName;
  readonly survey: (env: Environment) => Promise<Survey<P>>;
  readonly install: (env: Environment, cache: string) => Promise<P>;
  /** Makes the place ready, once a run; the command it may give is run to its end before the first start. */
  readonly prepare: (program: P, place: Place) => Promise<Command | undefined>;
  readonly command: (program: P, place: Place) => Command;
  readonly address: (place: Place) => string;
  /** Rejects until the server does what we need of it. */
  readonly check: (address: string, place?: Place) => Promise<void>;
  /** How long it may take to come up, milliseconds. */
  readonly readyMs: number;
};
