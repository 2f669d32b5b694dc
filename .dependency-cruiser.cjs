/**
 * Imports point one way: functions, cli → infra/compose → infra → domain. The domain imports nothing outside itself.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'domain-imports-only-domain',
      comment: 'The domain knows the articles, not the network: no package, no node: module, no other folder.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/' },
    },
    {
      name: 'infra-imports-only-infra-and-domain',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^(functions|cli|test)/' },
    },
    {
      name: 'functions-reach-the-world-through-compose',
      comment:
        'A handler parses, calls one use case and reports; ports meet their implementations in infra/compose.ts alone, and use cases their ports in infra/services.ts.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|cli|test)/', pathNot: '^infra/(compose|services|names)\\.ts$' },
    },
    {
      name: 'functions-import-only-the-functions-package',
      severity: 'error',
      from: { path: '^functions/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: 'node_modules/@azure/functions/',
      },
    },
    {
      name: 'cli-not-to-functions-or-test',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(functions|test)/' },
    },
    {
      name: 'program-imports-no-test-tools',
      severity: 'error',
      from: { path: '^(functions|infra|cli)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|coverage)/' },
    // Types count too: a domain file that imports only a type still knows what it should not.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'types'],
    },
  },
};
