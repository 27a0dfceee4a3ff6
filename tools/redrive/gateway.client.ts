import { signIn } from '@lotwarden/platform/sign-in';
import { z } from 'zod';
import type { Wish } from './wish.ts';

/** The part of .lotwarden/run.json that this needs. */
export const Run = z.object({
  gateway: z.url(),
  accounts: z.array(z.object({ account: z.string(), password: z.string(), roles: z.array(z.string()) })),
});

export interface Access {
  readonly gateway: string;
  readonly account: string;
  readonly password: string;
}

const Parked = z.object({
  items: z.array(
    z.object({ group: z.string(), topic: z.string(), key: z.string(), count: z.number(), detail: z.string() }),
  ),
});

const Redriven = z.object({
  items: z.array(
    z.object({
      group: z.string(),
      topic: z.string(),
      key: z.string(),
      handled: z.number(),
      remaining: z.number(),
      reason: z.string().nullable(),
    }),
  ),
});

const Index = z.object({ items: z.array(z.object({ service: z.string() })) });
const Problem = z.object({ code: z.string(), detail: z.string() });

/** What a service said: its words on success, or why not. */
type Told<T> = { readonly body: T } | { readonly code: string; readonly detail: string };

export interface Operations {
  services(): Promise<string[]>;
  parked(service: string): Promise<Told<z.output<typeof Parked>>>;
  redrive(service: string, wish: Wish): Promise<Told<z.output<typeof Redriven>>>;
}

/** Throws if the gateway does not answer or the account cannot sign in. */
export async function operations({ gateway, account, password }: Access): Promise<Operations> {
  const token = await signIn({ issuer: `${gateway}/openid`, account, password });

  async function ask<T>(path: string, schema: z.ZodType<T>, body?: object): Promise<Told<T>> {
    const reply = await fetch(`${gateway}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const told: unknown = await reply.json();
    return reply.ok ? { body: schema.parse(told) } : Problem.parse(told);
  }

  return {
    async services() {
      const told = await ask('/openapi', Index);
      if (!('body' in told)) throw new Error(`${gateway}: ${told.detail}`);
      return told.body.items.map(({ service }) => service);
    },
    parked: (service) => ask(`/api/${service}/operations/parked`, Parked),
    redrive: (service, { key, topic, group }) =>
      ask(`/api/${service}/operations/redrive`, Redriven, { key, topic, group }),
  };
}
