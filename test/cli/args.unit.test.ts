import { expect } from "chai";
import { parse as audit } from "../../cli/audit/args";
import { UsageError } from "../../cli/command";
import { parse as fix } from "../../cli/fix/args";
import { parse as preview } from "../../cli/gate/args";
import { testdata } from "../testdata";

const words = (argv: string): string[] => argv.split(" ").filter(Boolean);
const COMMANDS = {
  preview: (argv: string) => preview(words(argv), "/work", () => "/own"),
  fix: (argv: string) => fix(words(argv), "/work", () => "/own"),
  audit: (argv: string) => audit(words(argv), "/work", "2026-11-25"),
};
type Command = keyof typeof COMMANDS;

const PREVIEW = {
  ...{ stacks: [], projects: ["/work"], all: false, jobs: 2, packs: ["/own"], isOwnPack: true, configs: [] },
  ...{ reports: {}, acceptUnevaluated: false, quiet: false, extra: [] },
};
const DEFAULTS = {
  preview: PREVIEW,
  fix: { ...PREVIEW, jobs: 1, dryRun: false, force: false, check: false },
  audit: {
    ...{ files: [], stacks: [], organization: undefined, config: undefined, found: undefined, expiringWithin: 30 },
    ...{ acceptOtherStacks: false, jobs: 4, reports: {}, quiet: false, baseline: undefined },
    ...{ live: undefined, acceptUnknown: false },
  },
};
const BASELINE = {
  ...{ file: "/work/b.json", format: "pack", expires: "2027-02-23", force: false },
  reason: "Open when the policy became mandatory, found by the audit of 2026-11-25",
};

const LIVE = { unmanaged: false, profile: undefined, assumeRole: undefined, endpoint: undefined };

const { read, refused } = testdata("arguments.yaml") as {
  read: Record<Command, Record<string, { baseline?: object; live?: object }>>;
  refused: Record<Command, Record<string, string>>;
};

/** Each command with its arguments, and what the table has for them. */
const each = <Value>(table: Record<Command, Record<string, Value>>) =>
  Object.entries(table).flatMap(([command, rows]) =>
    Object.entries(rows).map(([argv, value]) => ({ command: command as Command, argv, value })),
  );

describe("The arguments of a command", () => {
  it("are read with their defaults", () => {
    for (const { command, argv, value } of each(read)) {
      const baseline = value.baseline && { baseline: { ...BASELINE, ...value.baseline } };
      const live = value.live && { live: { ...LIVE, ...value.live } };
      const expected = { ...DEFAULTS[command], ...value, ...baseline, ...live };
      expect(COMMANDS[command](argv), `${command} ${argv}`).to.deep.equal(expected);
    }
  });

  it("are refused with the reason where they can't be meant", () => {
    for (const { command, argv, value } of each(refused))
      expect(() => COMMANDS[command](argv), `${command} ${argv}`).to.throw(UsageError, value);
  });
});
