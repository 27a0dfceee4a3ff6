import { createLog } from '../log/log.ts';
import { describeKafkaPort } from '../testing/kafka/conformance.ts';
import { stack } from '../testing/stack.ts';
import { connectKafka } from './kafka-kafkajs.client.ts';

const log = createLog({ service: 'test', level: 'silent' });

describeKafkaPort('kafkajs', {
  connect: (prefix) => connectKafka({ brokers: stack().kafka.split(','), clientId: 'conformance', prefix, log }),
});
