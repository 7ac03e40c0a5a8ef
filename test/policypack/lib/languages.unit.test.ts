import { expect } from "chai";
import { FLAGS } from "../../../policypack/aws/flags";
import { endingLike } from "../../../policypack/lib/case";
import { type Language, LANGUAGES, languageOfRuntime } from "../../../policypack/languages";
import { testdata } from "../../testdata";

/** What is written in each language; of C# and Java it is what Pulumi's registry shows, for there is no compiler of theirs here. */
const WRITTEN = testdata("languages.yaml") as Record<
  string,
  { title: string } & Record<"block" | "short" | "properties" | "options", string>
>;

/** The block of a bucket called data, by a provider of the program's, as a fix writes it or as a message has it. */
const block = (language: Language, properties = ["blockPublicAcls", "skipDestroy"], isShort = false): string[] =>
  language.block({
    maker: language.maker({ package: "aws", module: "s3", name: "BucketPublicAccessBlock" }),
    name: language.text("dataAccessBlock"),
    bucket: language.output(language.variable("your", "bucket"), "id"),
    options: [language.provider(language.variable("your", "provider"))],
    unit: language.unit,
    ...{ properties, isShort },
  });

/** A flag, a text, a name that is known at preview, properties in a property, and the maker of a type that is bridged on the fly. */
const properties = (language: Language): string[] => [
  language.setting("blockPublicAcls"),
  language.setting("acl", language.text("private")),
  language.assignment("bucket", language.output(language.variable("your", "bucket"), "bucket")),
  ...language.nested("innerBlock", { package: "aws-native", module: "s3", name: "Block" }, [
    language.setting("blockPublicAcls"),
  ]),
  language.maker({ package: "aws", module: "", name: "S3Bucket" }),
];

/** What leaves S3 as it is; an alias of another name, of another parent, of none, and of what only the URN tells. */
const options = (language: Language): string[] => [
  language.retained,
  ...[{ name: "old", parent: "urn:p" }, { parent: null }, {}].map((former) =>
    language.aliases({ urn: "urn:old", ...former }),
  ),
];

for (const [runtime, written] of Object.entries(WRITTEN))
  it(`A fix in ${written.title} is written as in languages.yaml`, () => {
    const language = languageOfRuntime(runtime) ?? expect.fail();
    const short = (of: Language): string[] => block(of, ["skipDestroy", ...FLAGS], true);
    const parts = Object.entries({ block, short, properties, options });
    const made = parts.map(([part, of]) => [part, `${of(language).join("\n")}\n`]);
    expect({ title: language.title, ...Object.fromEntries(made) }).to.deep.equal(written);
  });

describe("A text in a fix", () => {
  it("is on one line and without what can't be seen, in every language", () => {
    for (const [name, { text }] of Object.entries<Language>(LANGUAGES)) {
      const written = ['"a\\"b"', '"a\\\\b"', '"a\\nb"', '"a\\u2028b\\u0085"', name === "yaml" ? "class" : '"class"'];
      expect(['a"b', "a\\b", "a\nb", "a\u2028b\u0085", "class"].map(text), name).to.deep.equal(written);
      expect(text("名前")).to.equal('"名前"');
    }
  });

  it("is quoted in YAML where it isn't one there, and takes nothing in where it is HCL's", () => {
    for (const text of ["yes", "NULL", "On", "2 words", "a: b", "#", ""])
      expect(LANGUAGES.yaml.text(text)).to.equal(`"${text}"`);
    expect(languageOfRuntime("hcl")?.text('a"${b}%{c}$')).to.equal('"a\\"$${b}%%{c}$"');
  });
});

it("A block's name goes on as the first name that shows a manner does", () => {
  const endings = [["checkpoints-bucket"], ["checkpoints_bucket"], ["checkpointsBucket"], ["data"], ["data", "a-b"]];
  expect(endings.map((names) => endingLike(names, ["access", "block"]))).to.deep.equal([
    "-access-block",
    "_access_block",
    "AccessBlock",
    "AccessBlock",
    "-access-block",
  ]);
});

it("The language of a program is that of its runtime", () => {
  const runtimes = ["nodejs", "bun", "python", "go", "dotnet", "java", "yaml", "hcl", "ruby", "constructor"];
  expect(runtimes.map((runtime) => languageOfRuntime(runtime)?.title)).to.deep.equal([
    ...["TypeScript", "TypeScript", "Python", "Go", "C#", "Java", "YAML", "HCL"],
    ...[undefined, undefined],
  ]);
});
