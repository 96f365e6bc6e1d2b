import js from '@eslint/js';

// Files are scripts that share one global scope, as Apps Script has it: which names there are is
// the type check's to know.
export default [
  { ignores: ['node_modules/'] },
  js.configs.recommended,
  {
    files: ['shared/*.js', 'server/*.js', 'card/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'script' },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': ['error', { varsIgnorePattern: '^[A-Z]', argsIgnorePattern: '^_' }],
      'no-redeclare': 'off',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: "A cell's text is never HTML: use textContent." },
        { property: 'outerHTML', message: "A cell's text is never HTML: use textContent." },
        { property: 'insertAdjacentHTML', message: "A cell's text is never HTML." },
      ],
    },
  },
  {
    // What Google calls by name is used by nobody here.
    files: ['server/Main.js'],
    rules: { 'no-unused-vars': ['error', { vars: 'local' }] },
  },
];
