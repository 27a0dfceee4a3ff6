import { z } from 'zod';
import { inboundSources } from './inbound-sources.ts';

/** What the process was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, in one message: nobody should have to start twelve times. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly problems: readonly string[];

  constructor(service: string, problems: readonly string[]) {
    super(`${service} cannot start with this environment:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** A secret with a value for development, which production refuses. At least 12 characters. */
export const developmentSecret = (value: string) => z.string().min(12).default(value).meta({ developmentOnly: value });

/** `true`/`1`/`yes` or `false`/`0`/`no`. */
export const flag = (otherwise: boolean) => z.stringbool().default(otherwise);

/** `a,b,c` → ['a', 'b', 'c']. */
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

/** What every service is told. Times in milliseconds. A setting `mongoUrl` is read from `<SERVICE>_MONGO_URL`, else `MONGO_URL`. */
export const baseConfig = z.object({
  nodeEnv: z.enum(['production', 'development', 'test']).default('development'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  host: z.string().default('127.0.0.1'),
  /** 0 = any free port. Only `<SERVICE>_PORT` is read, as services may share a process. */
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  mongoUrl: z.url({ protocol: /^mongodb(\+srv)?$/ }).default('mongodb://127.0.0.1:27017/?replicaSet=rs0'),
  kafkaBrokers: list()
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'host:port, separated by commas')).min(1))
    .prefault('127.0.0.1:9092'),
  /**
   * Milliseconds after which Kafka gives up a member of a consumer group that says nothing: so long nobody hears what a
   * killed service would have heard. Shorter, and a busy machine loses members that are alive.
   */
  kafkaSessionTimeout: z.coerce.number().int().min(6_000).max(300_000).default(30_000),
  redisUrl: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  /** The database is called `<prefix><service>`. */
  databasePrefix: z
    .string()
    .regex(/^[\w-]{0,30}$/)
    .default(''),
  /** Goes before every topic's and consumer group's name, and before the keys in Redis; empty in production. */
  topicPrefix: z
    .string()
    .regex(/^[\w.-]{0,60}$/)
    .default(''),
  /** Whether missing topics are made at the start; outside production they are. */
  createTopics: z.stringbool().optional(),
  /** Which source systems may write which inbound topic: `mes.inbound.v1=MES-SZ|MES-CD,…`. */
  inboundSources: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return inboundSources(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    }),
  /** Whoever issues the tokens of people and services. */
  oidcIssuer: z.url().default('http://127.0.0.1:8080/openid'),
  /** Where its keys are read; `<issuer>/jwks` if absent. */
  jwksUrl: z.url().optional(),
  /** Where a service fetches its own token; `<issuer>/token` if absent. */
  tokenUrl: z.url().optional(),
  /** Sites where certain acts need a registered device (21 CFR 11.10(h)): `SZ1,CD1`, or `*`. */
  deviceSites: list().default([]),
  clientSecret: developmentSecret('lotwarden-development'),
  /** How long a stopping service waits for what it has begun. */
  stopTimeout: z.coerce.number().int().min(100).default(15_000),
});

export type BaseConfig = Readonly<z.output<typeof baseConfig>>;

export const variableName = (setting: string): string => setting.replaceAll(/([A-Z])/g, '_$1').toUpperCase();

export const prefixOf = (service: string): string => service.replaceAll('-', '_').toUpperCase();

/** Settings that mean something else for each service, and are never read without the service's name before them. */
const OWN_ONLY: ReadonlySet<string> = new Set(['port']);

/**
 * Reads the base settings and the service's own from the environment.
 * Throws `ConfigInvalid` naming every problem; values are not repeated in it, as they may be secrets.
 */
export function loadConfig<Schema extends z.ZodObject>(
  service: string,
  own: Schema,
  environment: Environment,
): BaseConfig & z.output<Schema> {
  const schema = z.object({ ...baseConfig.shape, ...own.shape });
  const variables = new Map(
    Object.keys(schema.shape).map((setting) => [setting, variableOf(service, setting, environment)]),
  );
  const given = [...variables].flatMap(([setting, variable]) => {
    const value = environment[variable];
    return value === undefined || value === '' ? [] : [[setting, value] as const];
  });
  const parsed = schema.safeParse(Object.fromEntries(given));
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        ({ path, message }) => `${variables.get(String(path[0])) ?? String(path[0])}: ${message}`,
      );
  if (parsed.success) problems.push(...unfitForProduction(schema, parsed.data, variables));
  if (problems.length > 0) throw new ConfigInvalid(service, problems);
  return parsed.data as BaseConfig & z.output<Schema>;
}

/** The service's own variable where there is one, else the one all share. */
function variableOf(service: string, setting: string, environment: Environment): string {
  const shared = variableName(setting);
  const own = `${prefixOf(service)}_${shared}`;
  return OWN_ONLY.has(setting) || (environment[own] ?? '') !== '' ? own : shared;
}

function unfitForProduction(schema: z.ZodObject, config: BaseConfig, variables: ReadonlyMap<string, string>): string[] {
  if (config.nodeEnv !== 'production') return [];
  const values: Readonly<Record<string, unknown>> = config;
  const defaults = Object.entries<z.ZodType>(schema.shape)
    .filter(([setting, type]) => {
      const developmentOnly = type.meta()?.['developmentOnly'];
      return developmentOnly !== undefined && values[setting] === developmentOnly;
    })
    .map(
      ([setting]) =>
        `${variables.get(setting) ?? setting}: the value for development is known to everybody; set one of your own`,
    );
  const issuer = config.oidcIssuer.startsWith('https://')
    ? []
    : [`${variables.get('oidcIssuer') ?? 'OIDC_ISSUER'}: tokens over plain http can be stolen; production needs https`];
  return [...defaults, ...issuer];
}
