import type { Control } from './control.ts';

/** Takes the servers down with this process: at its exit in any case, at a signal in good order. */
export function guardProcess(started: readonly Control[], stopAtSignal: (() => Promise<void>) | undefined): () => void {
  const atExit = () => started.forEach((control) => control.killNow());
  process.on('exit', atExit);
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  const atSignal = (signal: NodeJS.Signals) => {
    const code = signals[signal as keyof typeof signals];
    stopAtSignal?.().then(
      () => process.exit(code),
      () => process.exit(code), // the exit guard kills what is left
    );
  };
  const heard = stopAtSignal === undefined ? [] : (Object.keys(signals) as (keyof typeof signals)[]);
  heard.forEach((signal) => process.on(signal, atSignal));
  return () => {
    process.off('exit', atExit);
    heard.forEach((signal) => process.off(signal, atSignal));
  };
}
