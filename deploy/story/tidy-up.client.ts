import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import type { Installation } from './services.client.ts';

/** Takes a run's databases and topics off servers that others use too. Only what bears the run's own prefix. */
export async function tidyUp({ addresses, databasePrefix, topicPrefix }: Installation): Promise<void> {
  if (databasePrefix === '' || topicPrefix === '') return;
  const client = await MongoClient.connect(addresses.mongo);
  try {
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(databasePrefix)) await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
  const admin = new Kafka({ clientId: 'demo', brokers: addresses.kafka.split(','), logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
