import { metas } from "../policypack/face";
import { EXIT_CODES, PROGRAM, UsageError } from "./command";
import help from "./completion.json";
import { usage } from "./options";
import { print } from "./report/neutral";

/** A command with what it is for, and its help. */
type Command = readonly [name: string, summary: string, load: () => { USAGE: string } | Promise<{ USAGE: string }>];

const { bash: BASH, zsh: ZSH, others: OTHERS, ...ABOUT } = help;

export const USAGE = usage({ name: "completion", ...ABOUT, options: {} });

/** `s3-public-access-block completion`, for these commands: their options are those of their help. */
export async function completion(commands: readonly Command[], [shell, ...more]: readonly string[]): Promise<number> {
  const names = commands.map(([name]) => name);
  const explain = metas.map(({ name }) => name);
  const shells = ["bash", "zsh", "fish"];
  const words: Readonly<Record<string, readonly string[]>> = { completion: shells, explain, help: names };
  const rows = await Promise.all(
    [...commands, ...Object.entries(OTHERS)].map(async ([name, summary, load]) => {
      const options = [...((await load?.())?.USAGE ?? "").matchAll(/^ {2}--([a-z-]+)( [A-Z]+)?/gm)];
      return { name, summary, words: words[name] ?? [], options };
    }),
  );
  const valued = rows.flatMap(({ options }) => options.flatMap(([, option, value]) => (value ? `--${option}` : [])));
  const cases = rows.map(({ name, words, options }) => {
    return `    ${name}) words="${[...words, ...options.map(([, option]) => `--${option}`)].join(" ")}" ;;`;
  });
  const COMMANDS = rows.map(({ name }) => name).join(" ");
  const parts: Readonly<Record<string, string>> = {
    COMMANDS,
    VALUED: [...new Set(valued)].join("|"),
    CASES: cases.join("\n"),
  };
  const bash = BASH.map((line) => line.replace(/\b(?:COMMANDS|VALUED|CASES)\b/, (name) => parts[name] ?? ""));
  const fish = rows.flatMap(({ name, summary, words, options }) => {
    const inside = `complete -c ${PROGRAM} -n "__fish_seen_subcommand_from ${name}"`;
    return [
      `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name} -d "${summary}"`,
      ...(words.length === 0 ? [] : [`${inside} -f -a "${words.join(" ")}"`]),
      ...options.map(([, option, value]) => `${inside} -l ${option}${value === undefined ? "" : " -r"}`),
    ];
  });
  const scripts = new Map(Object.entries({ bash, zsh: [...ZSH, ...bash], fish }));
  const script = more.length > 0 ? undefined : scripts.get(shell ?? "");
  if (script === undefined) throw new UsageError(`name a shell: ${shells.join(", ")}`);
  print(process.stdout, script.join("\n"));
  return EXIT_CODES.passed;
}
