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
  const names = [...commands.map(([name]) => name), "help", "version"].join(" ");
  const rows = await Promise.all(
    commands.map(async ([name, summary, load]) => {
      const options = [...(await load()).USAGE.matchAll(/^ {2}--([a-z-]+)( [A-Z]+)?/gm)];
      return { name, summary, options };
    }),
  );
  const valued = rows.flatMap(({ options }) => options.filter(([, , value]) => value !== undefined));
  const cases = rows.map(({ name, options }) => {
    const words = name === "completion" ? "bash zsh fish" : options.map(([, option]) => `--${option}`).join(" ");
    return `    ${name}) words="${words}" ;;`;
  });
  const bash = `_s3_public_access_block() {
  local words="${names}"
  # After an option that takes a value: files.
  case "$3" in ${[...new Set(valued.map(([, option]) => `--${option}`))].join("|")}) return ;; esac
  [ "$COMP_CWORD" -eq 1 ] || case "\${COMP_WORDS[1]}" in
    help) ;;
${cases.join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$2"))
}
complete -o default -F _s3_public_access_block ${PROGRAM}`;
  const fish = rows.flatMap(({ name, summary, options }) => [
    `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name} -d "${summary}"`,
    ...options.map(
      ([, option, value]) =>
        `complete -c ${PROGRAM} -n "__fish_seen_subcommand_from ${name}" -l ${option}${value === undefined ? "" : " -r"}`,
    ),
  ]);
  const scripts = new Map([
    ["bash", bash],
    ["zsh", `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash}`],
    ["fish", fish.join("\n")],
  ]);
  const script = more.length > 0 ? undefined : scripts.get(shell ?? "");
  if (script === undefined) throw new UsageError(`name a shell: ${[...scripts.keys()].join(", ")}`);
  print(process.stdout, script);
  return EXIT_CODES.passed;
}
