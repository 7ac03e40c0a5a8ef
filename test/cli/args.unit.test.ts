import { expect } from "chai";
import { parse as audit } from "../../cli/audit/args";
import { UsageError } from "../../cli/command";
import { parse as fix } from "../../cli/fix/args";
import { parse as preview } from "../../cli/gate/args";

const words = (argv: string): string[] => argv.split(" ").filter(Boolean);
const COMMANDS = {
  preview: (argv: string) => preview(words(argv), "/work", () => "/own"),
  fix: (argv: string) => fix(words(argv), "/work", () => "/own"),
  audit: (argv: string) => audit(words(argv), "/work", "2026-11-25"),
};

const PREVIEW = {
  ...{ stacks: [], projects: ["/work"], all: false, jobs: 2, packs: ["/own"], isOwnPack: true, configs: [] },
  ...{ reports: {}, acceptUnevaluated: false, quiet: false, extra: [] },
};
const AUDIT = {
  ...{
    files: [],
    stacks: [],
    organization: undefined,
    config: undefined,
    found: undefined,
    expiringWithin: 30,
    acceptOtherStacks: false,
  },
  ...{ jobs: 4, reports: {}, quiet: false, baseline: undefined },
};
const BASELINE = { file: "/work/b.json", format: "pack", expires: "2027-02-23", force: false };
const REASON = "Open when the policy became mandatory, found by the audit of 2026-11-25";

/** Arguments, and what they set besides the defaults. Paths are relative to the caller's folder, whatever --cwd is. */
const READ: [command: keyof typeof COMMANDS, argv: string, defaults: object, set: object][] = [
  ["preview", "", PREVIEW, {}],
  ["preview", "--stack org/shop/dev", PREVIEW, { stacks: ["org/shop/dev"] }],
  [
    "preview",
    "--stack a --stack=b --cwd one --cwd /two --jobs 4",
    PREVIEW,
    { stacks: ["a", "b"], projects: ["/work/one", "/two"], jobs: 4 },
  ],
  ["preview", "--all --quiet --accept-unevaluated", PREVIEW, { all: true, quiet: true, acceptUnevaluated: true }],
  [
    "preview",
    "--policy-pack p --policy-pack /q --config c.json --policy-pack-config=/d.json",
    PREVIEW,
    { packs: ["/work/p", "/q"], isOwnPack: false, configs: ["/work/c.json", "/d.json"] },
  ],
  ["preview", "--policy-pack none", PREVIEW, { packs: [], isOwnPack: false }],
  ["preview", "--policy-pack ./none", PREVIEW, { packs: ["/work/none"], isOwnPack: false }],
  [
    "preview",
    "--sarif out/r.sarif --summary s.md --code-quality /cq.json --json -",
    PREVIEW,
    { reports: { sarif: "/work/out/r.sarif", summary: "/work/s.md", "code-quality": "/cq.json", json: "-" } },
  ],
  ["preview", "-- --diff --parallel 4", PREVIEW, { extra: ["--diff", "--parallel", "4"] }],
  [
    "fix",
    "--stack dev --policy-pack my'pack --dry-run --force --check -- -t x",
    { ...PREVIEW, jobs: 1 },
    {
      ...{ stacks: ["dev"], packs: ["/work/my'pack"], isOwnPack: false, extra: ["-t", "x"] },
      ...{ dryRun: true, force: true, check: true },
      again: "preview --stack dev --policy-pack 'my'\\''pack' -- -t x",
    },
  ],
  [
    "fix",
    "--cwd infra",
    { ...PREVIEW, jobs: 1 },
    { ...{ projects: ["/work/infra"], dryRun: false, force: false, check: false }, again: "preview --cwd infra" },
  ],
  ["audit", "--all", AUDIT, {}],
  [
    "audit",
    "--file states --file - --config c.json --expiring 14 --accept-other-stacks --jobs 10 --quiet",
    AUDIT,
    {
      ...{ files: ["states", "-"], config: "/work/c.json", expiringWithin: 14, acceptOtherStacks: true },
      ...{ jobs: 10, quiet: true },
    },
  ],
  [
    "audit",
    "--all --summary s.md --html out/r.html --sarif /r.sarif --csv -",
    AUDIT,
    { reports: { summary: "/work/s.md", html: "/work/out/r.html", sarif: "/r.sarif", csv: "-" } },
  ],
  [
    "audit",
    "--stack shop/* --organization acme --baseline b.json",
    AUDIT,
    { stacks: ["shop/*"], organization: "acme", baseline: { ...BASELINE, reason: REASON } },
  ],
  [
    "audit",
    "--all --baseline b.json --baseline-format engine --expires 2027-03-31 --reason migration --force",
    AUDIT,
    { baseline: { ...BASELINE, format: "engine", expires: "2027-03-31", reason: "migration", force: true } },
  ],
  [
    "audit",
    "--all --baseline b.json --expires 2026-11-25",
    AUDIT,
    { baseline: { ...BASELINE, expires: "2026-11-25", reason: REASON } },
  ],
];

const AFTER = 'those of pulumi preview come after "--"';
const PAIRS = "give each policy pack its own, in the same order";

/** Arguments that can't be meant, and what is said of them. */
const REFUSED: Record<keyof typeof COMMANDS, Record<string, string>> = {
  preview: {
    dev: "Unexpected argument 'dev'",
    "--stack=": "--stack is empty",
    "--all --stack dev": "--all and --stack can't be given together",
    "--jobs=0": "--jobs must be a number from 1 to 10, not 0",
    "--jobs=11": "--jobs must be a number from 1 to 10, not 11",
    "--jobs=two": "--jobs must be a number from 1 to 10, not two",
    "--sarif=": "--sarif is empty",
    "--policy-pack=": "--policy-pack is empty",
    "--policy-pack a --policy-pack b --config c": `1 --config for 2 --policy-pack: ${PAIRS}`,
    "--policy-pack none --config c": `1 --config for 0 --policy-pack: ${PAIRS}`,
    "--policy-pack none --policy-pack a":
      "--policy-pack none can't be given with another: a folder of that name is ./none",
    "--sarif r --summary ./r": "/work/r is given twice: a report needs a file of its own",
    "--sarif - --summary -": "only one report can be written to stdout",
    "--sarf": "there is no option --sarf; did you mean --sarif?",
    "--polcy-pack=a": "there is no option --polcy-pack; did you mean --policy-pack?",
    "--target": `there is no option --target; ${AFTER}`,
    "-x": `there is no option -x; ${AFTER}`,
    ...Object.fromEntries(
      words("--json=false -j --stack=prod -s -sprod -dsprod --event-log --policy-pack --cwd --remote").map((flag) => [
        `-- ${flag}`,
        `${flag} can't be given after "--": the gate sets it itself`,
      ]),
    ),
  },
  fix: {
    more: "Unexpected argument 'more'",
    "--sarif x": "there is no option --sarif",
    "--stack=": "--stack is empty",
    "--stack dev -- --json": '--json can\'t be given after "--"',
  },
  audit: {
    "": "nothing to audit: pass --all, --stack GLOB or --file PATH",
    "dev --all": "Unexpected argument 'dev'",
    "--all -- dev": "Unexpected argument 'dev'",
    "--all --stack dev": "--all, --stack and --file can't be given together",
    "--all --file f": "--all, --stack and --file can't be given together",
    "--file f --organization acme": "--organization is for the backend's stacks, and can't be given with --file",
    "--stack=": "--stack is empty",
    "--all --html=": "--html is empty",
    "--all --html r --csv ./r": "/work/r is given twice: a report needs a file of its own",
    "--all --html r --baseline r": "/work/r is given twice: a report needs a file of its own",
    "--all --config c --json c": "a report can't be written to the file of --config",
    "--all --expiring soon": "--expiring must be a number from 0 to 36500, not soon",
    "--all --jobs 0": "--jobs must be a number from 1 to 10, not 0",
    "--all --expires 90": "--expires requires --baseline FILE",
    "--all --force": "--force requires --baseline FILE",
    "--all --baseline b --baseline-format v2": "--baseline-format must be pack or engine, not v2",
    "--all --baseline b --expires 2027-02-30":
      "--expires must be a number of days, or a day as YYYY-MM-DD, not 2027-02-30",
    "--all --baseline b --expires 2026-11-24": "--expires 2026-11-24 is in the past",
    "--all --baseline b --reason=\u3164": "--reason is empty",
    "--all --sarf r": "there is no option --sarf; did you mean --sarif?",
  },
};

describe("The arguments of a command", () => {
  it("are read with their defaults", () => {
    for (const [command, argv, defaults, set] of READ)
      expect(COMMANDS[command](argv), `${command} ${argv}`).to.deep.equal({ ...defaults, ...set });
  });

  it("are refused with the reason where they can't be meant", () => {
    for (const [command, wrong] of Object.entries(REFUSED))
      for (const [argv, message] of Object.entries(wrong))
        expect(() => COMMANDS[command as "fix"](argv), `${command} ${argv}`).to.throw(UsageError, message);
  });
});
