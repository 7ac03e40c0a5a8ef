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

type Table<Row> = Record<Command, Record<string, Row>>;

/** Without the options that nobody gave. */
const given = (options: object): unknown => JSON.parse(JSON.stringify(options));
const { defaults, read, refused } = testdata("arguments.yaml") as {
  defaults: Record<Command | "baseline" | "live", object>;
  read: Table<{ baseline?: object; live?: object }>;
  refused: Table<string>;
};

/** Each command with its arguments, and what the table has for them. */
const each = <Value>(table: Table<Value>) =>
  Object.entries(table).flatMap(([command, rows]) =>
    Object.entries(rows).map(([argv, value]) => ({ command: command as Command, argv, value })),
  );

describe("The arguments of a command", () => {
  it("are read with their defaults", () => {
    for (const { command, argv, value } of each(read)) {
      const baseline = value.baseline && { baseline: { ...defaults.baseline, ...value.baseline } };
      const live = value.live && { live: { ...defaults.live, ...value.live } };
      const expected = { ...defaults[command], ...value, ...baseline, ...live };
      expect(given(COMMANDS[command](argv)), `${command} ${argv}`).to.deep.equal(expected);
    }
  });

  it("are refused with the reason where they can't be meant", () => {
    for (const { command, argv, value } of each(refused))
      expect(() => COMMANDS[command](argv), `${command} ${argv}`).to.throw(UsageError, value);
  });
});
