import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const testCalls = '/^(?:it|test|describe|suite|bench)$/';

/** A focused test silences all the others; a skipped one needs a condition (`skipIf`, `runIf`) that a reader can check. */
const noFocusedOrSkippedTests = [
  {
    selector: `MemberExpression[property.name=/^(?:only|skip|todo|fails)$/][object.name=${testCalls}]`,
    message: 'No focused, skipped or postponed tests; use skipIf or runIf with the condition.',
  },
  {
    selector: `MemberExpression[property.name=/^(?:only|skip|todo|fails)$/][object.type='MemberExpression'][object.object.name=${testCalls}]`,
    message: 'No focused, skipped or postponed tests; use skipIf or runIf with the condition.',
  },
  {
    selector: 'CallExpression[callee.name=/^(?:xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'No focused or skipped tests.',
  },
];

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

export default defineConfig(
  globalIgnores(['node_modules', 'dist', 'coverage', '.kerbwatch', '.stryker-tmp']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Handlers are async by contract, whether or not one awaits.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Tests and registrations throw away what vitest and the functions framework return.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport, ...noFocusedOrSkippedTests],
    },
  },
  {
    // The tools that read these want a default export, and no project holds them.
    files: ['**/*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
    rules: { eqeqeq: 'error' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },
);
