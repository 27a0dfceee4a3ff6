import { Transient } from '../errors.ts';

/** `work`'s outcome, or `request-timeout` while it goes on; then `tooLate` gets it to see it end. */
export async function within<T>(ms: number, work: Promise<T>, tooLate: (work: Promise<T>) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      tooLate(work);
      reject(new Transient('request-timeout', { seconds: ms / 1000 }));
    }, ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
