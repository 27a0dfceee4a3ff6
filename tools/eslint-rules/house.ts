import type { ESLint, Rule } from 'eslint';

/** A rule that reports every node one of the selectors finds. */
function banned(message: string, ...selectors: string[]): Rule.RuleModule {
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) =>
      Object.fromEntries(
        selectors.map((selector) => [
          selector,
          (node: Rule.Node) => {
            context.report({ node, message });
          },
        ]),
      ),
  };
}

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

const atTopLevel = (context: Rule.RuleContext, node: Rule.Node): boolean =>
  !context.sourceCode.getAncestors(node).some((ancestor) => FUNCTION.test(ancestor.type));

/** A lookup table that nobody can write to is not state: `const kinds: ReadonlySet<Kind> = new Set([…])`. */
function isReadonlyTable(node: Rule.Node): boolean {
  const declarator = node.parent as { type: string; id?: { typeAnnotation?: { typeAnnotation?: unknown } } };
  if (declarator.type !== 'VariableDeclarator') return false;
  const type = declarator.id?.typeAnnotation?.typeAnnotation as { typeName?: { name?: string } } | undefined;
  return /^Readonly(Set|Map)$/.test(type?.typeName?.name ?? '');
}

/** Several services run in one process, and tests share one: what lives in a module is shared by all of them. */
const noModuleState: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      variable: 'A top-level {{kind}} is state shared by every service in the process; keep it in a function.',
      instance:
        'A top-level {{name}} is state shared by every service in the process; make it in a function and pass it on (a constant table: declare it ReadonlySet or ReadonlyMap).',
    },
  },
  create: (context) => ({
    VariableDeclaration(node) {
      if (node.kind === 'const' || !atTopLevel(context, node)) return;
      const ambient = (node as { declare?: boolean }).declare === true;
      const inBlock = /^(For|While|Block)/.test(node.parent.type);
      if (!ambient && !inBlock) context.report({ node, messageId: 'variable', data: { kind: node.kind } });
    },
    NewExpression(node) {
      if (node.callee.type !== 'Identifier') return;
      const { name } = node.callee;
      if (!/^(Kafka|MongoClient|Redis|Queue|Worker|Map|Set|WeakMap|WeakSet)$/.test(name)) return;
      if (atTopLevel(context, node) && !isReadonlyTable(node)) {
        context.report({ node, messageId: 'instance', data: { name } });
      }
    },
    CallExpression(node) {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'createConnection') return;
      if (atTopLevel(context, node)) context.report({ node, messageId: 'instance', data: { name: 'connection' } });
    },
  }),
};

const swallows = "CallExpression[callee.property.name='catch'] > :function.arguments";

export const house = {
  meta: { name: 'house' },
  rules: {
    'no-module-state': noModuleState,

    'process-at-the-edge': banned(
      'process.* belongs to services/main.ts and the configuration; take what you need as an argument.',
      "MemberExpression[object.name='process']",
      "MemberExpression[object.name='globalThis'][property.name='process']",
      'ImportDeclaration[source.value=/^(node:)?process$/]',
    ),
    'no-idempotent-producer': banned(
      'idempotent: true loses messages: kafkajs rolls its sequence number back on an error and the broker drops the next batch as a duplicate.',
      "Property[key.name='idempotent']:not([value.value=false])",
      "Property[key.value='idempotent']:not([value.value=false])",
    ),
    'no-swallowed-errors': banned(
      'An error that nobody hears of: log it, count it, or hand it on.',
      'CatchClause > BlockStatement[body.length=0]',
      `${swallows}[body.type='BlockStatement'][body.body.length=0]`,
      `${swallows}[body.type='Identifier'][body.name='undefined']`,
      `${swallows}[body.value=null][body.type='Literal']`,
    ),
    'no-classes': banned(
      'Functions and plain objects; a class only for an error.',
      ':matches(ClassDeclaration, ClassExpression):not([superClass.name=/(Error|Rejected|Conflict|Transient|Poison)$/])',
    ),
    'named-exports': banned('Named exports: one name per thing everywhere.', 'ExportDefaultDeclaration'),
    'no-barrels': banned('export * hides who imports whom; name what is meant.', 'ExportAllDeclaration'),

    'pure-files': banned(
      'A file without a role suffix is pure: clock, random, I/O and waiting come in as arguments.',
      "CallExpression[callee.object.name=/^(Date|performance)$/][callee.property.name='now']",
      "NewExpression[callee.name='Date'][arguments.length=0]",
      "CallExpression[callee.object.name='Math'][callee.property.name='random']",
      "CallExpression[callee.object.name='crypto'][callee.property.name=/^(randomUUID|getRandomValues)$/]",
      'CallExpression[callee.name=/^(fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/]',
      "ImportDeclaration[source.value='node:crypto'] > ImportSpecifier[imported.name!=/^(createHash|hash|createPublicKey|verify|KeyObject)$/]",
      'AwaitExpression',
      ':function[async=true]',
    ),

    'no-module-mocks': banned(
      'No module mocks: pass a hand-written fake as the argument.',
      "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|doMock|setMock|unmock|unstable_mockModule|createMockFromModule|genMockFromModule)$/]",
    ),
    'no-focused-or-skipped': banned(
      'Every test runs, or it goes.',
      'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(only|skip|todo|failing)$/]',
      "MemberExpression[object.property.name='concurrent'][property.name=/^(only|skip|failing)$/]",
      'Identifier[name=/^([fx](test|it|describe))$/]',
    ),
    'no-sleep-in-tests': banned(
      'Poll the condition you wait for; a sleep is too short on a slow machine and too long on every other.',
      "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
      'ImportDeclaration[source.value=/timers.promises$/]',
      'AwaitExpression > CallExpression[callee.name=/^(sleep|delay|pause)$/]',
    ),
  },
} satisfies ESLint.Plugin;
