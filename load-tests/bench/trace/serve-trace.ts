import { createCodec } from '@lotwarden/contracts/codec';
import { startTestApp } from '@lotwarden/platform/testing/http';
import { startGraph, type Graph } from '@lotwarden/traceability/graph';
import { messages } from '@lotwarden/traceability/messages';
import { traceRoutes } from '@lotwarden/traceability/trace-routes';
import type { Told } from '../../generator/publish.ts';

/** The routes of a trace over HTTP, with a token, before the service's own graph in its own thread. */
export interface TraceServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly graph: Graph;
  /** Takes facts in as they come from Kafka. */
  readonly feed: (told: Iterable<Told>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const BATCH = 2_000;

export async function serveTrace(): Promise<TraceServer> {
  const graph = startGraph({ onUnreadable: (gaps) => process.stderr.write(`${gaps.join('\n')}\n`) });
  const codec = createCodec();
  const offsets = new Map<string, number>();
  const messageOf = ({ topic, aggregate, version, id, occurredAt, event }: Told) => {
    const offset = offsets.get(topic) ?? 0;
    offsets.set(topic, offset + 1);
    const headers = { ce_id: id, ce_subject: encodeURIComponent(aggregate), ce_aggregateversion: String(version), ce_occurredat: occurredAt }; // prettier-ignore
    return { topic, partition: 0, offset, value: codec.encode(topic, event), headers };
  };
  const app = await startTestApp(traceRoutes({ ask: graph.ask } as Parameters<typeof traceRoutes>[0]), {
    messages,
    checkReplies: false,
    rateLimits: { person: 1e9, machine: 1e9, anonymous: 1e9 },
  });
  const headers = { ...(await app.tokens.headers({ roles: ['quality-manager'] })), 'content-type': 'application/json' };
  return {
    url: app.url,
    headers,
    graph,
    feed: async (told) => {
      let batch: ReturnType<typeof messageOf>[] = [];
      for (const one of told) {
        if (batch.push(messageOf(one)) < BATCH) continue;
        await graph.feed(batch);
        batch = [];
      }
      await graph.feed(batch);
    },
    stop: async () => {
      await app.stop();
      await graph.stop();
    },
  };
}
