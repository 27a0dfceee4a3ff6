import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One figure: ours, and in the same run on the same machine what it is measured against. */
export interface Row {
  readonly metric: string;
  readonly unit: string;
  readonly ours: number;
  readonly floor: number | null;
  readonly peer: number | null;
  readonly ratioToFloor: number | null;
  readonly ratioToPeer: number | null;
  readonly goal: string;
  /** Computed from the goal. */
  readonly met: boolean;
}

export interface Result {
  readonly name: string;
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly size: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  /** Things that must never happen, counted. */
  readonly violations: number;
}

interface Measured {
  readonly metric: string;
  readonly unit: string;
  readonly ours: number;
  readonly floor?: number;
  readonly peer?: number;
  readonly goal: {
    readonly text: string;
    readonly holds: (row: { ours: number; floor: number; peer: number }) => boolean;
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

export function row({ metric, unit, ours, floor, peer, goal }: Measured): Row {
  return {
    metric,
    unit,
    ours: round(ours),
    floor: floor === undefined ? null : round(floor),
    peer: peer === undefined ? null : round(peer),
    ratioToFloor: floor === undefined ? null : round(ours / floor),
    ratioToPeer: peer === undefined ? null : round(ours / peer),
    goal: goal.text,
    met: goal.holds({ ours, floor: floor ?? Number.NaN, peer: peer ?? Number.NaN }),
  };
}

/** The value below which a share of the samples lies; nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function write(name: string, size: Result['size'], rows: readonly Row[], violations: number): Result {
  const machine = { cores: cpus().length, node: process.versions.node };
  const result: Result = { name, at: new Date().toISOString(), machine, size, rows, violations };
  const folder = new URL('../out/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

export function print(results: readonly Result[]): void {
  const table = results.flatMap(({ name, rows }) =>
    rows.map(({ metric, unit, ours, floor, peer, ratioToFloor, ratioToPeer, goal, met }) => ({
      bench: name,
      metric,
      ours: `${String(ours)} ${unit}`,
      floor: floor === null ? '' : String(floor),
      ratio: ratioToFloor === null ? '' : String(ratioToFloor),
      peer: peer === null ? '' : String(peer),
      'to peer': ratioToPeer === null ? '' : String(ratioToPeer),
      goal,
      met: met ? 'yes' : 'no',
    })),
  );
  process.stdout.write(
    `${results.map(({ name, violations }) => `${name}: violations ${String(violations)}`).join('\n')}\n`,
  );
  console.table(table);
}
