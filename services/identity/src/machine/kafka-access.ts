import type { MachineRole } from './machine.ts';

export interface KafkaAccess {
  /** As the brokers know it. */
  readonly principal: string;
  /** All it may do; the brokers refuse the rest. */
  readonly acls: readonly { readonly topic: string; readonly operation: 'read' | 'write' | 'describe' }[];
}

/** Who may write a topic and who may read it. */
interface Described {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

/** What a service account may do at the brokers, by the same list of topics that the services start from. */
export function kafkaAccess(
  machine: string,
  role: MachineRole,
  topics: Readonly<Record<string, Described>>,
): KafkaAccess {
  // `system-mes` is the `mes` of the list; a partner tells its events over HTTP and is nobody at the brokers.
  const name = role.startsWith('system-') ? role.slice('system-'.length) : undefined;
  const acls = Object.entries(topics).flatMap(([topic, { writers, readers }]) => {
    if (name === undefined) return [];
    const operations = [
      ...(readers.includes(name) ? (['read'] as const) : []),
      ...(writers.includes(name) ? (['write'] as const) : []),
    ];
    return operations.length === 0 ? [] : [...operations, 'describe' as const].map((operation) => ({ topic, operation })); // prettier-ignore
  });
  return { principal: `User:${machine}`, acls };
}
