import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { errorCodeMount } from './gateway/error-codes.routes.ts';
import { gatewayMounts } from './gateway/gateway.routes.ts';
import { createProxy } from './gateway/proxy.client.ts';
import { serviceQuestions } from './gateway/service-questions.client.ts';
import { homeRoutes } from './home/home.routes.ts';
import { messages } from './messages.ts';
import { registryMount } from './registry/registry.routes.ts';

export default service('console', config, ({ config: settings, locate, log }) => {
  const proxy = createProxy({ locate, bodyLimit: settings.bodyLimit, timeout: settings.upstreamTimeout });
  const questions = serviceQuestions({ locate, log });
  return {
    messages,
    http: [homeRoutes(questions)],
    mounts: [...gatewayMounts(proxy), registryMount(), errorCodeMount(questions)],
    onStart: async () => proxy.close,
  };
});
