import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { type Language, LANGUAGES, languageOfRuntime } from "../../../policypack/shared/languages";
import { ROOT } from "../../../harness/engine/paths";

const EXPECTED = parse(readFileSync(join(ROOT, "test/testdata/languages.yaml"), "utf8")) as Record<
  string,
  Record<string, unknown>
>;
const TEXTS = [
  ...[
    'a"b',
    "a\\b",
    "a\nb",
    "a\u2028b\u0085",
    "名前",
    "class",
    "yes",
    "NULL",
    "On",
    "2 words",
    "a: b",
    "#",
    "",
  ],
  "${b}%{c}$",
];
const ALIASES = [{ name: "old", parent: "urn:p" }, { parent: null }, {}];

/** All that a fix has in a language. */
function written(language: Language): Record<string, unknown> {
  const { variable, output, setting, text, maker } = language;
  const bucket = variable("your", "bucket");
  const flag = setting("blockPublicAcls");
  const block = language.block({
    maker: maker({ package: "aws", module: "s3", name: "BucketPublicAccessBlock" }),
    ...{ name: text("dataAccessBlock"), bucket: output(bucket, "id"), unit: language.unit },
    options: [language.provider(variable("your", "provider"))],
    properties: ["blockPublicAcls", "skipDestroy"],
  });
  const type = { package: "aws-native", module: "s3", name: "Block" } as const;
  return {
    title: language.title,
    block: `${block.join("\n")}\n`,
    flag,
    text: setting("acl", text("private")),
    name: language.assignment("bucket", output(bucket, "bucket")),
    inside: `${language.nested("innerBlock", type, [flag]).join("\n")}\n`,
    retained: language.retained,
    aliases: ALIASES.map((former) => language.aliases({ urn: "urn:old", ...former })),
    bridged: maker({ package: "aws", module: "", name: "S3Bucket" }),
    texts: TEXTS.map(text).join(" "),
  };
}

describe("A fix", () => {
  for (const [runtime, expected] of Object.entries(EXPECTED))
    it(`is written in the language of ${runtime}`, () => {
      const language = languageOfRuntime(runtime);
      expect(language && written(language)).to.deep.equal(expected);
    });

  it("is in the languages that the gate makes edits in, and in no other than the runtime's", () => {
    const titles = Object.values(LANGUAGES).map(({ title }) => title);
    expect(Object.values(EXPECTED).map(({ title }) => title)).to.deep.equal([...titles, "HCL"]);
    expect(["bun", "ruby", "constructor"].map((runtime) => languageOfRuntime(runtime)?.title)).to.deep.equal([
      ...["TypeScript", undefined, undefined],
    ]);
  });
});
