import { compare, questionsAbout, tracesAbout } from './compare.ts';
import { historyOf } from './histories.ts';
import { shrink } from './shrink.ts';

/** `make trace-check SEED=n`: fast and slow answers over a thousand random factories; GRAPHS=<how many>. */
function check(first: number, graphs: number): boolean {
  const began = performance.now();
  const sums = { happenings: 0, traces: 0 };
  for (let seed = first; seed < first + graphs; seed++) {
    const history = historyOf(seed);
    const questions = questionsAbout(history, seed);
    const [mismatch] = compare(history, questions, seed, tracesAbout(history, seed));
    if (mismatch) {
      const [smallest, shown] = shrink(history, mismatch, seed);
      console.log(smallest.map((one) => JSON.stringify(one)).join('\n'));
      console.dir(shown, { depth: null });
      console.log(`mismatches: 1 (make trace-check SEED=${String(seed)} GRAPHS=1 shows it again)`);
      return false;
    }
    sums.happenings += history.length;
    sums.traces += questions.length;
    const done = seed - first + 1;
    if (done % 100 > 0 && done < graphs) continue;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${String(done)} graphs, ${String(sums.happenings)} happenings, ${String(sums.traces)} traces, ${seconds} s`); // prettier-ignore
  }
  console.log('mismatches: 0');
  return true;
}

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? '') || otherwise;
process.exit(check(number('SEED', 1), number('GRAPHS', 1000)) ? 0 : 1);
