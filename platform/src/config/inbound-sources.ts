/**
 * `mes.inbound.v1=MES-SZ|MES-CD,lims.inbound.v1=LIMS-1` → who may write which inbound topic. A topic that is not named
 * takes any source, which production refuses. Throws for a part that does not read so.
 */
export function inboundSources(text: string): Readonly<Partial<Record<string, readonly string[]>>> {
  const parts = text.split(',').map((part) => part.trim());
  return Object.fromEntries(
    parts
      .filter((part) => part !== '')
      .map((part) => {
        const [topic, sources] = part.split('=');
        if (topic === undefined || sources === undefined || sources === '')
          throw new Error(`"${part}" is not topic=SOURCE|SOURCE`);
        return [topic.trim(), sources.split('|').map((source) => source.trim())];
      }),
  );
}
