import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { dayAfter, didYouMean, isDay, isText, today } from "../policypack/face";
import { PROGRAM, UsageError } from "./command";
import HELP from "./shared-help.json";

/* A command's options are a table. The help, the reading of the arguments and every complaint about them come from it. */

/** The context of the arguments: the folder that relative paths start from, and the day (UTC, YYYY-MM-DD). */
export interface Context {
  readonly base: string;
  readonly today: string;
}

/** Reads one value that was given. @throws UsageError */
type Kind<Value> = (given: string, flag: string, context: Context) => Value;

export interface Option<Value> {
  /** The name of the value in the help; undefined for a flag. */
  readonly placeholder?: string;
  readonly help: string;
  /** The title of the part of the help that begins here. */
  readonly heading?: string;
  readonly read: (given: readonly string[], flag: string, context: Context) => Value;
}

export type Table = Readonly<Record<string, Option<unknown>>>;
type Values<T> = { readonly [Name in keyof T]: T[Name] extends Option<infer Value> ? Value : never };

export const flag = (help: string): Option<boolean> => ({ help, read: (given) => given.length > 0 });

export const many = <Value>(placeholder: string, help: string, kind: Kind<Value>): Option<readonly Value[]> => ({
  ...{ placeholder, help: `${help}; may be given several times` },
  read: (given, ...context) => given.map((each) => kind(each, ...context)),
});

/** An option with a value. Of several the last counts. */
export const one = <Value>(placeholder: string, help: string, kind: Kind<Value>): Option<Value | undefined> => {
  const { read } = many(placeholder, help, kind);
  return { placeholder, help, read: (...given) => read(...given).at(-1) };
};

export function under<T extends Table>(heading: string, options: T): T {
  const [first] = Object.entries(options);
  return first === undefined ? options : { ...options, [first[0]]: { ...first[1], heading } };
}

export const text: Kind<string> = (given) => given;
export const path: Kind<string> = (given, _, { base }) => resolve(base, given);

/** A path, or a word that stands for none. */
const pathOr =
  (word: string): Kind<string> =>
  (given, ...context) =>
    given === word ? given : path(given, ...context);

/** In place of a report's file: the report goes to stdout. */
export const STDOUT = "-";
const report = pathOr(STDOUT);

export const count =
  (least: number, most: number): Kind<number> =>
  (given, flag) => {
    const number = /^\d{1,5}$/.test(given) ? Number(given) : -1;
    if (number >= least && number <= most) return number;
    throw new UsageError(`${flag} must be a number from ${least} to ${most}, not ${given}`);
  };

export const choice =
  <Choice extends string>(choices: readonly Choice[]): Kind<Choice> =>
  (given, flag) => {
    const chosen = choices.find((each) => each === given);
    if (chosen !== undefined) return chosen;
    throw new UsageError(`${flag} must be ${choices.join(" or ")}, not ${given}`);
  };

export const matching =
  (pattern: RegExp, what: string): Kind<string> =>
  (given, flag) => {
    if (pattern.test(given)) return given;
    throw new UsageError(`${flag} must be ${what}`); // The value may contain a password.
  };

/** A day that isn't over, given as such or as the number of days until then. */
export const day: Kind<string> = (given, flag, { today }) => {
  if (/^\d{1,5}$/.test(given)) return dayAfter(today, Number(given));
  if (!isDay(given)) throw new UsageError(`${flag} must be a number of days, or a day as YYYY-MM-DD, not ${given}`);
  if (given < today) throw new UsageError(`${flag} ${given} is in the past`);
  return given;
};

export const SHARED = {
  policyPack: many("DIR", HELP.policyPack, pathOr("none")),
  config: many("FILE", HELP.config, path),
  jobs: (help: string) => one("N", help, count(1, 10)),
  quiet: flag(HELP.quiet),
  reports: <Name extends string>(formats: readonly { readonly name: Name; readonly help: string }[]) =>
    Object.fromEntries(formats.map(({ name, help }) => [name, one("FILE", help, report)])) as Record<
      Name,
      Option<string | undefined>
    >,
};

/** The file of each report that was asked for. No two may share one, nor take that of something else. */
export function reportsIn<Name extends string>(
  formats: readonly { readonly name: Name }[],
  values: Readonly<Partial<Record<Name, string | undefined>>>,
  others: readonly (string | undefined)[] = [],
): Readonly<Partial<Record<Name, string>>> {
  const reports = formats.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  const files = [...reports.map(([, file]) => file), ...others.filter((file) => file !== undefined)];
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice === STDOUT) throw new UsageError("only one report can be written to stdout");
  if (twice !== undefined) throw new UsageError(`${twice} is given twice: a report needs a file of its own`);
  return Object.fromEntries(reports) as Partial<Record<Name, string>>;
}

/** A command as its arguments and its help have it. */
export interface CommandLine<T extends Table = Table> {
  readonly name: string;
  readonly synopsis: string;
  readonly about: string;
  readonly options: T;
  /** The end of the help: the exit codes. */
  readonly closing: string;
  /** Whether it takes words that are no options: names. */
  readonly takesNames?: boolean;
  /** Whether what follows `--` is for `pulumi preview`. */
  readonly isForPulumi?: boolean;
}

const WIDTH = 120;

/** The text in lines of at most that many characters, as far as its words allow. */
export function wrapped(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S(?:.{0,${width - 1}}|\\S*)(?=\\s|$)`, "g")) ?? [];
}

export function usage({ name, synopsis, about, options, closing }: CommandLine): string {
  const rows = Object.entries<Option<unknown>>({ ...options, help: flag("print this text") }).map(([name, option]) => ({
    ...option,
    term: `  --${name}${option.placeholder === undefined ? "" : ` ${option.placeholder}`}`,
  }));
  const column = Math.max(...rows.map(({ term }) => term.length)) + 2;
  const lines = rows.flatMap(({ term, help, heading }) => [
    ...(heading === undefined ? [] : ["", `${heading}:`]),
    ...wrapped(help, WIDTH - column).map((line, at) => (at === 0 ? term : "").padEnd(column) + line),
  ]);
  const list = lines.join("\n").replace(/^\n/, "");
  return `Usage: ${PROGRAM} ${name} ${synopsis}\n\n${about}\n\n${list}\n\n${closing}`;
}

/** @throws UsageError */
export function readArguments<T extends Table>(
  { options, takesNames = false, isForPulumi = false }: CommandLine<T>,
  argv: readonly string[],
  context: Partial<Context> = {},
): { values: Values<T>; names: readonly string[]; own: readonly string[]; extra: readonly string[] } {
  const { base = process.cwd(), today: day = today() } = context;
  const end = isForPulumi && argv.includes("--") ? argv.indexOf("--") : argv.length;
  // Every finding names the flag of Pulumi's own commands.
  const own = argv.slice(0, end).map((word) => word.replace(/^--policy-pack-config(?==|$)/, "--config"));
  const table = Object.entries(options).map(([name, { placeholder }]) => {
    return [name, { type: placeholder === undefined ? "boolean" : "string", multiple: true }] as const;
  });
  let parsed: { values: Record<string, unknown>; positionals: readonly string[] };
  try {
    parsed = parseArgs({ args: own, options: Object.fromEntries(table), allowPositionals: takesNames });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /^Unknown option '([^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(message);
    const known = [...Object.keys(options), "help"].map((name) => `--${name}`);
    const hint = isForPulumi ? '; those of pulumi preview come after "--"' : "";
    throw new UsageError(`there is no option ${unknown}${didYouMean(unknown, known, (option) => option) || hint}`);
  }
  const values = Object.entries(options).map(([name, { read }]) => {
    const given = [parsed.values[name] ?? []].flat().map(String);
    if (!given.every(isText)) throw new UsageError(`--${name} is empty`);
    return [name, read(given, `--${name}`, { base, today: day })];
  });
  const extra = argv.slice(end + 1);
  return { values: Object.fromEntries(values) as Values<T>, names: parsed.positionals, own, extra };
}

/** A word as a shell takes it. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
