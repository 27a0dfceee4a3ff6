import { z } from 'zod';
import { request } from 'undici';
import type { Log } from '@lotwarden/platform/log';
import { SERVICES } from './services.ts';

/** `absent`: not part of this installation, or gone. */
export type Health = 'ready' | 'not-ready' | 'absent';

export interface ServiceState {
  readonly service: string;
  readonly health: Health;
}

export interface ServiceQuestions {
  /** All services at once; takes a second at most. */
  states(): Promise<readonly ServiceState[]>;
  /** The words for an error code that one of the services uses; undefined if none answers for it. */
  errorCode(code: string): Promise<unknown>;
}

interface Settings {
  readonly locate: (service: string) => string | undefined;
  readonly log: Log;
}

const PATIENCE_MS = 1000;
const Words = z.object({ code: z.string(), en: z.string(), zh: z.string(), status: z.number() });

/** What the gateway asks services in its own name: only what they tell everybody. */
export function serviceQuestions({ locate, log }: Settings): ServiceQuestions {
  async function ask(
    service: string,
    path: string,
  ): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
    const base = locate(service);
    if (base === undefined) return undefined;
    try {
      const { statusCode, body } = await request(`${base}${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return { status: statusCode, body: await body.json() };
    } catch (error) {
      log.debug({ err: error, upstream: service }, 'a service did not answer the gateway');
      return undefined;
    }
  }

  return {
    states: () =>
      Promise.all(
        Object.keys(SERVICES).map(async (service) => {
          const told = await ask(service, '/health/ready');
          const health = told === undefined ? 'absent' : told.status === 200 ? 'ready' : 'not-ready';
          return { service, health } as const;
        }),
      ),
    async errorCode(code) {
      const told = await Promise.all(Object.keys(SERVICES).map((service) => ask(service, `/errors/${code}`)));
      return told.map((one) => (one?.status === 200 ? Words.safeParse(one.body).data : undefined)).find(Boolean);
    },
  };
}
