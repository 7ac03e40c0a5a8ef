import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { parsePieces } from "../../../cli/audit/pieces";
import { plainValue, reader } from "../../../cli/audit/resources";
import { readState, UnreadableStateError } from "../../../cli/audit/state";
import { UNKNOWN } from "../../../policypack/lib/values";
import { filledIn } from "../../policypack/cases";
import { block, bucket, checkpoint, type Entry, exported, provider, urnOf } from "./states";

describe("A state", () => {
  const entries = [provider(), bucket("data"), block("lock", "data")];

  it("is read in each form that it is found in, also of a stack that has never been updated", () => {
    const resources = { resources: entries };
    const forms: [title: string, text: string, found: readonly Entry[]][] = [
      ["what pulumi stack export prints", exported(entries), entries],
      ["a checkpoint of a backend's folder", checkpoint(entries), entries],
      ["an export of version 1", exported(entries, 1), entries],
      ["a checkpoint of version 2", checkpoint(entries, 2), entries],
      ["features", JSON.stringify({ version: 4, features: ["views", "taint"], deployment: resources }), entries],
      ["no deployment", '{"version": 3, "deployment": null}', []],
      ["no resources", '{"version": 3, "deployment": {"manifest": {}}}', []],
      ["a checkpoint without an update", '{"version": 3, "checkpoint": {"stack": "organization/shop/dev"}}', []],
      ["a checkpoint of null", '{"version": 3, "checkpoint": null}', []],
    ];
    const urns = (all: readonly { urn: string }[]) => all.map(({ urn }) => urn);
    for (const [title, text, found] of forms) expect(urns(readState(text)), title).to.deep.equal(urns(found));
  });

  it("can't be read where it is damaged or too new, and says so", () => {
    const wrong = parse(readFileSync(join(__dirname, "../../testdata/audit/unreadable.yaml"), "utf8")) as object;
    for (const [title, [text, message]] of Object.entries(wrong) as [string, [string, string]][])
      expect(() => readState(text), title).to.throw(UnreadableStateError, message);
  });

  it("has before version 3 each input from all that the resource depends on, and before version 2 nothing only read", () => {
    const lock = block("lock", "data", {}, { propertyDependencies: {} });
    const read = [1, 2, 3].map((version) => readState(exported([lock, bucket("data", { external: true })], version)));
    const seen = read.map(([lock, data]) => [lock?.references("bucket"), lock?.references("region"), data?.isOnlyRead]);
    expect(seen).to.deep.equal([
      [[urnOf("data")], [], false],
      [[urnOf("data")], [], true],
      [[], [], true],
    ]);
  });
});

describe("A state that is too long to be one string", () => {
  const [atOnce, values] = [2, 1000];
  const parsed = (text: string) => parsePieces(Buffer.from(text), { atOnce, values });

  it("is read piece by piece like any other JSON, with any indentation", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, "\t\r\n"), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parsed(`\n${text} `)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("can't be read where it is damaged, or has too many values", () => {
    const wrong: Record<string, string> = {
      '{"a": [1, 2': "it is cut short",
      '{"a": "}': "JSON",
      '{"a": [1, 2,]}': "JSON",
      [`[${"1,".repeat(values)}1]`]: "it has more than 0.001 million values",
      ["[".repeat(values)]: "it has more than 0.001 million values",
    };
    for (const [text, message] of Object.entries(wrong)) expect(() => parsed(text), text).to.throw(message);
  });
});

describe("A value of a state", () => {
  it("is read as a policy pack gets it", () => {
    const file = readFileSync(join(__dirname, "../../testdata/audit/values.yaml"), "utf8");
    const values = parse(file, { merge: true }) as Record<string, [value: unknown, plain: unknown]>;
    for (const [title, [value, plain]] of Object.entries(values))
      expect(plainValue(value), title).to.deep.equal(filledIn(plain, { unknown: UNKNOWN }));
  });

  it("isn't read from a key that the engine keeps for itself, nor from what every object has", () => {
    const read = reader({ __defaults: ["bucket"], bucket: "data" });
    expect(read("bucket")).to.equal("data");
    for (const key of ["__defaults", "constructor", "__proto__"]) expect(read(key), key).to.equal(undefined);
  });
});
