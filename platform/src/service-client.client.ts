import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { Rejected, Transient, type RejectedStatus } from './errors.ts';
import type { AskOptions, ServiceClient } from './service/service.client.ts';
import { currentTraceparent } from './telemetry/spans.ts';
import type { TokenSource } from './token-source.client.ts';

export interface ServiceClientSettings {
  /** Base address of a service; undefined while nobody knows it. */
  readonly locate: (service: string) => string | undefined;
  readonly tokens: TokenSource;
  /** 0 ≤ n < 1, for jitter. */
  readonly random: () => number;
}

export interface ServiceClients {
  to(service: string): ServiceClient;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const TRIES = 3;
const PAUSE_MS = 50;

interface Question {
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly trace: string | undefined;
  readonly signal: AbortSignal;
}

const Told = z.object({ code: z.string(), data: z.record(z.string(), z.unknown()).default({}) });

/** Refusals that say something about what was asked; the others say that we asked wrongly, which is a bug of ours. */
const MEANT_FOR_THE_CALLER: readonly RejectedStatus[] = [404, 409, 412, 422];
const PASSING = [429, 502, 503, 504];

/**
 * Questions to other services over kept connections. All of them may be asked again, so a broken connection or a
 * service that is just restarting costs a moment, not the answer; the deadline covers all tries.
 */
export function createServiceClients({ locate, tokens, random }: ServiceClientSettings): ServiceClients {
  const agent = new Agent({ connect: { timeout: 2000 }, connections: 32, keepAliveTimeout: 10_000 });

  async function ask<Schema extends z.ZodType>(question: Question, reply: Schema): Promise<z.output<Schema>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return reply.parse(await askOnce(question, agent));
      } catch (error) {
        if (!(error instanceof Transient) || attempt >= TRIES || question.signal.aborted) throw error;
        await pause(PAUSE_MS * 2 ** attempt * (0.5 + random() / 2));
      }
    }
  }

  async function askOnce(question: Question, dispatcher: Dispatcher): Promise<unknown> {
    const base = locate(question.service);
    if (base === undefined) throw unavailable(question, new Error('no address'));
    const token = await tokens.token();
    const { status, text } = await exchange(
      new URL(question.path.replace(/^\//, ''), `${base.replace(/\/$/, '')}/`),
      question,
      token,
      dispatcher,
    );
    if (status >= 200 && status < 300) return text === '' ? undefined : JSON.parse(text);
    if (status === 401) {
      tokens.refused(token);
      throw unavailable(question, new Error('token refused'));
    }
    throw refusal(question, status, text);
  }

  const question = (service: string, method: Question['method'], path: string, options: AskOptions): Question => {
    const deadline = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    return { service, method, path, signal, trace: options.trace ?? currentTraceparent() };
  };

  return {
    to: (service) => ({
      get: (path, reply, options = {}) => ask(question(service, 'GET', path, options), reply),
      ask: (path, body, reply, options = {}) =>
        ask({ ...question(service, 'POST', path, options), body: JSON.stringify(body) }, reply),
    }),
    close: () => agent.close(),
  };
}

async function exchange(url: URL, question: Question, token: string, dispatcher: Dispatcher) {
  const { method, body, trace, signal } = question;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(trace !== undefined && { traceparent: trace }),
  };
  try {
    const reply = await request(url, { method, headers, signal, dispatcher, ...(body !== undefined && { body }) });
    return { status: reply.statusCode, text: await reply.body.text() };
  } catch (cause) {
    throw unavailable(question, cause);
  }
}

const unavailable = ({ service }: Question, cause: unknown): Transient =>
  new Transient('upstream-unavailable', { upstream: service }, { cause });

/** The other side's no in our own words, so that its code reaches whoever asked us. */
function refusal(question: Question, status: number, text: string): Error {
  const told = problemIn(text);
  const cause = new Error(
    `${question.method} ${question.path} of ${question.service}: ${String(status)} ${told?.code ?? ''}`,
  );
  if (PASSING.includes(status) || status >= 500) return unavailable(question, cause);
  const meant = MEANT_FOR_THE_CALLER.find((known) => known === status);
  return told && meant !== undefined ? new Rejected(told.code, told.data, meant, { cause }) : cause;
}

function problemIn(text: string): z.output<typeof Told> | undefined {
  try {
    return Told.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // a proxy's page, not a service of ours
    throw error;
  }
}
