import { resolve } from "node:path";
import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "**/node_modules/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // One program for all files: the project service makes another one for each tsconfig.json of a test's program.
    languageOptions: {
      parserOptions: { project: "test/tsconfig.lint.json", tsconfigRootDir: resolve(import.meta.dirname, "..") },
    },
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }] },
  },
  {
    files: ["test/**/*.{js,cjs,mjs}"],
    languageOptions: { globals: { console: false, process: false, setInterval: false, setTimeout: false } },
  },
  {
    files: ["test/**/*.{js,cjs}"],
    languageOptions: { sourceType: "commonjs", globals: { exports: true, module: true, require: false } },
  },
);
