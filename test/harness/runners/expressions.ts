/** The expressions of workflows and actions, evaluated by GitHub's own library. */

// A CommonJS module can't be loaded together with it, since it has no export for that.
const library = import("@actions/expressions");
const results = import("@actions/expressions/result");

/** What expressions can read: github, inputs, steps, env, secrets, vars. */
export type Context = Readonly<Record<string, unknown>>;

type IsOn = (status: string) => boolean;

const CONTEXTS = ["github", "inputs", "steps", "env", "secrets", "vars", "runner"];

async function evaluated(expression: string, context: Context, isOn: IsOn = () => false) {
  const { data, Evaluator, Lexer, Parser } = await library;
  const functions = ["success", "failure", "cancelled", "always"].map((name) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(isOn(name)),
  }));
  const all = { ...Object.fromEntries(CONTEXTS.map((name) => [name, {}])), ...context };
  const values = JSON.parse(JSON.stringify(all), data.reviver) as InstanceType<typeof data.Dictionary>;
  const parsed = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse();
  return new Evaluator(parsed, values, new Map(functions.map((each) => [each.name, each]))).evaluate();
}

/** Puts values in place of `${{ expressions }}`. */
async function rendered(text: string, context: Context): Promise<string> {
  const parts = text.split(/\$\{\{(.*?)\}\}/s); // Every second one is an expression.
  const values = parts.map(async (part, index) =>
    index % 2 === 0 ? part : (await evaluated(part, context)).coerceString(),
  );
  return (await Promise.all(values)).join("");
}

export async function renderedAll(
  texts: Readonly<Record<string, string | boolean>> = {},
  context: Context,
): Promise<Record<string, string>> {
  const entries = Object.entries(texts).map(async ([name, text]) => [name, await rendered(String(text), context)]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

/** Whether a step with that condition runs. A condition without a status function is one of success. */
export async function isRun(condition: string | undefined, context: Context, isOn: IsOn): Promise<boolean> {
  const asked = condition ?? "success()";
  const hasStatus = /\b(success|failure|cancelled|always)\(\)/.test(asked);
  const { truthy } = await results;
  return truthy(await evaluated(hasStatus ? asked : `success() && (${asked})`, context, isOn));
}
