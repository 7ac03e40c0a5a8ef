import { metas } from "../policypack/face";
import { EXIT_CODES, PROGRAM, UsageError } from "./command";
import { usage } from "./options";
import { print } from "./report/neutral";

/** A command with what it is for, and its help. */
type Command = readonly [name: string, summary: string, load: () => { USAGE: string } | Promise<{ USAGE: string }>];

export const USAGE = usage({
  name: "completion",
  synopsis: "bash|zsh|fish",
  options: {},
  about: `Prints what completes this command line in a shell. In bash and zsh: eval "$(${PROGRAM} completion bash)"
In fish: ${PROGRAM} completion fish | source`,
  closing: "Exit codes: 0 it is printed; 2 there is no such shell.",
});

/** `s3-public-access-block completion`, for these commands: their options are those of their help. */
export async function completion(commands: readonly Command[], [shell, ...more]: readonly string[]): Promise<number> {
  const names = commands.map(([name]) => name);
  const explain = metas.map(({ name }) => name);
  const shells = ["bash", "zsh", "fish"];
  const words: Readonly<Record<string, readonly string[]>> = { completion: shells, explain, help: names };
  const others = { help: "print the options of a command", version: "print the version of this package" };
  const rows = await Promise.all(
    [...commands, ...Object.entries(others)].map(async ([name, summary, load]) => {
      const options = [...((await load?.())?.USAGE ?? "").matchAll(/^ {2}--([a-z-]+)( [A-Z]+)?/gm)];
      return { name, summary, words: words[name] ?? [], options };
    }),
  );
  const valued = rows.flatMap(({ options }) => options.flatMap(([, option, value]) => (value ? `--${option}` : [])));
  const cases = rows.map(({ name, words, options }) => {
    return `    ${name}) words="${[...words, ...options.map(([, option]) => `--${option}`)].join(" ")}" ;;`;
  });
  const bash = `_s3_public_access_block() {
  local words="${rows.map(({ name }) => name).join(" ")}"
  # After an option that takes a value: files.
  case "$3" in ${[...new Set(valued)].join("|")}) return ;; esac
  [ "$COMP_CWORD" -eq 1 ] || case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$2"))
}
complete -o default -F _s3_public_access_block ${PROGRAM}`;
  const fish = rows.flatMap(({ name, summary, words, options }) => {
    const inside = `complete -c ${PROGRAM} -n "__fish_seen_subcommand_from ${name}"`;
    return [
      `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name} -d "${summary}"`,
      ...(words.length === 0 ? [] : [`${inside} -f -a "${words.join(" ")}"`]),
      ...options.map(([, option, value]) => `${inside} -l ${option}${value === undefined ? "" : " -r"}`),
    ];
  });
  const zsh = `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
  const script = more.length > 0 ? undefined : [bash, zsh, fish.join("\n")][shells.indexOf(shell ?? "")];
  if (script === undefined) throw new UsageError(`name a shell: ${shells.join(", ")}`);
  print(process.stdout, script);
  return EXIT_CODES.passed;
}
