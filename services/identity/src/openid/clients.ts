/** Somebody that is no person and fetches tokens with its own secret. */
export interface Machine {
  readonly id: string;
  readonly kind: 'service' | 'system';
  readonly role: string;
  readonly secret: string;
}

/** The public client of people's programs: the web console, and scripts that sign somebody in. */
export const WEB_CLIENT = 'lotwarden-web';

/** Our own pages; they use no token. */
export const OWN_CLIENT = 'lotwarden-own';

/** Under the issuer: where people see to their account, and where access is reviewed. */
export const OWN_PAGE = '/own';
export const REVIEW_PAGE = '/access-review';

/** The setting that holds a machine's secret: `mes-bridge` → `mesBridgeClientSecret`. */
type SecretOf<Id extends string> = `${Camel<Id>}ClientSecret`;
type Camel<Id extends string> = Id extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Id;

const SERVICES = [
  'audit',
  'console',
  'field',
  'identity',
  'mes-bridge',
  'notification',
  'qms',
  'recall',
  'receiving',
  'serialization',
  'surveillance',
  'traceability',
  'warehouse',
] as const;

/** Outside systems; each may do what the role of its own name allows. */
const SYSTEMS = ['system-mes', 'system-wms', 'system-lims'] as const;

type Secrets = Readonly<Record<SecretOf<(typeof SERVICES | typeof SYSTEMS)[number]>, string>>;

export function machines(secrets: Secrets): Machine[] {
  const secretOf = (id: string) => secrets[`${camel(id)}ClientSecret` as keyof Secrets];
  return [
    ...SERVICES.map((id) => ({ id, kind: 'service' as const, role: 'service', secret: secretOf(id) })),
    ...SYSTEMS.map((id) => ({ id, kind: 'system' as const, role: id, secret: secretOf(id) })),
  ];
}

const camel = (id: string): string => id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
