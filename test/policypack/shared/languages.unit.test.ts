import { expect } from "chai";
import {
  type Language,
  LANGUAGES,
  type LanguageName,
  languageOfRuntime,
} from "../../../policypack/shared/languages";

/** The block of a bucket called data, by a provider of the program's. */
function block(language: Language, name = "data"): string[] {
  return language.block({
    maker: language.maker({ package: "aws", module: "s3", name: "BucketPublicAccessBlock" }),
    name: language.text(`${name}AccessBlock`),
    bucket: language.output(language.variable("your", "bucket"), "id"),
    options: [language.provider(language.variable("your", "provider"))],
    properties: ["blockPublicAcls", "skipDestroy"],
    unit: language.unit,
  });
}

/** Those of C# and Java are what Pulumi's registry shows: there is no compiler of theirs here. */
const BLOCKS: Record<LanguageName, string[]> = {
  javascript: [
    'new aws.s3.BucketPublicAccessBlock("dataAccessBlock", {',
    "    bucket: yourBucket.id,",
    "    blockPublicAcls: true,",
    "    skipDestroy: true,",
    "}, { provider: yourProvider });",
  ],
  python: [
    "aws.s3.BucketPublicAccessBlock(",
    '    "dataAccessBlock",',
    "    bucket=your_bucket.id,",
    "    block_public_acls=True,",
    "    skip_destroy=True,",
    "    opts=pulumi.ResourceOptions(provider=your_provider),",
    ")",
  ],
  go: [
    'if _, err := s3.NewBucketPublicAccessBlock(ctx, "dataAccessBlock", &s3.BucketPublicAccessBlockArgs{',
    "\tBucket:          yourBucket.ID(),",
    "\tBlockPublicAcls: pulumi.Bool(true),",
    "\tSkipDestroy:     pulumi.Bool(true),",
    "}, pulumi.Provider(yourProvider)); err != nil {",
    "\treturn err",
    "}",
  ],
  csharp: [
    'new Pulumi.Aws.S3.BucketPublicAccessBlock("dataAccessBlock", new()',
    "{",
    "    Bucket = yourBucket.Id,",
    "    BlockPublicAcls = true,",
    "    SkipDestroy = true,",
    "}, new Pulumi.CustomResourceOptions { Provider = yourProvider });",
  ],
  java: [
    'new com.pulumi.aws.s3.BucketPublicAccessBlock("dataAccessBlock", com.pulumi.aws.s3.BucketPublicAccessBlockArgs.builder()',
    "    .bucket(yourBucket.id())",
    "    .blockPublicAcls(true)",
    "    .skipDestroy(true)",
    "    .build(), com.pulumi.resources.CustomResourceOptions.builder().provider(yourProvider).build());",
  ],
  yaml: [
    "dataAccessBlock:",
    "  type: aws:s3:BucketPublicAccessBlock",
    "  properties:",
    "    bucket: ${yourBucket.id}",
    "    blockPublicAcls: true",
    "    skipDestroy: true",
    "  options:",
    "    provider: ${yourProvider}",
  ],
};

/** A flag, a text, a name that is known at preview, and properties in a property, of which native buckets have one. */
const PROPERTIES: Record<LanguageName, [flag: string, acl: string, bucket: string, inner: string[]]> = {
  javascript: [
    "blockPublicAcls: true,",
    'acl: "private",',
    "bucket: yourBucket.bucket,",
    ["block: {", "    blockPublicAcls: true,", "},"],
  ],
  python: [
    "block_public_acls=True,",
    'acl="private",',
    "bucket=your_bucket.bucket,",
    ["block=aws_native.s3.BlockArgs(", "    block_public_acls=True,", "),"],
  ],
  go: [
    "BlockPublicAcls: pulumi.Bool(true),",
    'Acl: pulumi.String("private"),',
    "Bucket: yourBucket.Bucket,",
    ["Block: &s3.BlockArgs{", "\tBlockPublicAcls: pulumi.Bool(true),", "},"],
  ],
  csharp: [
    "BlockPublicAcls = true,",
    'Acl = "private",',
    "Bucket = yourBucket.BucketName,",
    ["Block = new Pulumi.AwsNative.S3.Inputs.BlockArgs", "{", "    BlockPublicAcls = true,", "},"],
  ],
  java: [
    ".blockPublicAcls(true)",
    '.acl("private")',
    ".bucket(yourBucket.bucket())",
    [
      ".block(com.pulumi.awsnative.s3.inputs.BlockArgs.builder()",
      "    .blockPublicAcls(true)",
      "    .build())",
    ],
  ],
  yaml: [
    "blockPublicAcls: true",
    "acl: private",
    "bucket: ${yourBucket.bucket}",
    ["block:", "  blockPublicAcls: true"],
  ],
};

/** What leaves S3 as it is; an alias of another name, of another parent, of none, and of what only the URN tells. */
const OPTIONS: Record<LanguageName, string[]> = {
  javascript: [
    "retainOnDelete: true,",
    'aliases: [{ name: "old", parent: "urn:p" }],',
    "aliases: [{ parent: pulumi.rootStackResource }],",
    'aliases: ["urn:old"],',
  ],
  python: [
    "retain_on_delete=True,",
    'aliases=[pulumi.Alias(name="old", parent="urn:p")],',
    "aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)],",
    'aliases=["urn:old"],',
  ],
  go: [
    "pulumi.RetainOnDelete(true),",
    'pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("old"), ParentURN: pulumi.URN("urn:p")}}),',
    "pulumi.Aliases([]pulumi.Alias{{NoParent: pulumi.Bool(true)}}),",
    'pulumi.Aliases([]pulumi.Alias{{URN: pulumi.URN("urn:old")}}),',
  ],
  csharp: [
    "RetainOnDelete = true,",
    'Aliases = { new Pulumi.Alias { Name = "old", ParentUrn = "urn:p" } },',
    "Aliases = { new Pulumi.Alias { NoParent = true } },",
    'Aliases = { new Pulumi.Alias { Urn = "urn:old" } },',
  ],
  java: [
    ".retainOnDelete(true)",
    '.aliases(com.pulumi.core.Alias.builder().name("old").parentUrn(com.pulumi.core.Output.of("urn:p")).build())',
    ".aliases(com.pulumi.core.Alias.builder().noParent().build())",
    '.aliases(com.pulumi.core.Alias.withUrn("urn:old"))',
  ],
  yaml: ["retainOnDelete: true", 'aliases: ["urn:old"]', 'aliases: ["urn:old"]', 'aliases: ["urn:old"]'],
};

describe("A fix in HCL", () => {
  const language = languageOfRuntime("hcl");
  if (language === undefined) throw new Error("HCL is not known");

  it("makes a block as Terraform has it, of @pulumi/aws and of a provider that is bridged", () => {
    expect(block(language)).to.deep.equal([
      'resource "aws_s3_bucket_public_access_block" "dataAccessBlock" {',
      "  provider = aws.your_provider",
      "  bucket = aws_s3_bucket.your_bucket.id",
      "  block_public_acls = true",
      "  skip_destroy = true",
      "}",
    ]);
    const bridged = { package: "aws", module: "", name: "S3BucketPublicAccessBlock" } as const;
    expect(language.maker(bridged)).to.equal("aws_s3_bucket_public_access_block");
  });

  it("sets properties, and has texts in which nothing is put in", () => {
    expect(language.setting("blockPublicAcls")).to.equal("block_public_acls = true");
    expect([language.retained, language.aliases({ urn: "urn:old", name: "old" })]).to.deep.equal([
      "retain_on_delete = true",
      'aliases = ["urn:old"]',
    ]);
    expect(language.setting("acl", language.text("private"))).to.equal('acl = "private"');
    expect(language.text('a"${b}%{c}$')).to.equal('"a\\"$${b}%%{c}$"');
    const type = { package: "aws-native", module: "s3", name: "Block" } as const;
    expect(language.nested("innerBlock", type, ["a = true"])).to.deep.equal([
      "inner_block {",
      "  a = true",
      "}",
    ]);
  });
});

describe("A fix", () => {
  for (const [name, language] of Object.entries(LANGUAGES) as [LanguageName, Language][]) {
    it(`makes a block in ${language.title}, by the bucket's own provider`, () => {
      expect(block(language)).to.deep.equal(BLOCKS[name]);
    });

    it(`sets properties in ${language.title}`, () => {
      const type = { package: "aws-native", module: "s3", name: "Block" } as const;
      const flag = language.setting("blockPublicAcls");
      const bucket = language.output(language.variable("your", "bucket"), "bucket");
      expect([
        flag,
        language.setting("acl", language.text("private")),
        language.assignment("bucket", bucket),
        language.nested("block", type, [flag]),
      ]).to.deep.equal(PROPERTIES[name]);
    });

    it(`keeps what a rename takes away in ${language.title}, by an option`, () => {
      const aliases = [{ name: "old", parent: "urn:p" }, { parent: null }, {}];
      expect([
        language.retained,
        ...aliases.map((former) => language.aliases({ urn: "urn:old", ...former })),
      ]).to.deep.equal(OPTIONS[name]);
    });

    it(`has any name as a text in ${language.title}, on one line and without what can't be seen`, () => {
      const texts = ['a"b', "a\\b", "a\nb", "a\u2028b\u0085", "class", "名前"].map(language.text);
      const written = ['"a\\"b"', '"a\\\\b"', '"a\\nb"', '"a\\u2028b\\u0085"', '"class"', '"名前"'];
      expect(texts).to.deep.equal(
        name === "yaml" ? written.map((text) => (text === '"class"' ? "class" : text)) : written,
      );
    });
  }

  it("quotes in YAML what isn't a text there", () => {
    const texts = ["yes", "NULL", "On", "2 words", "a: b", "#", ""].map(LANGUAGES.yaml.text);
    expect(texts).to.deep.equal(['"yes"', '"NULL"', '"On"', '"2 words"', '"a: b"', '"#"', '""']);
  });

  it("of a provider that is bridged on the fly is in the package's one module", () => {
    const makers = Object.values<Language>(LANGUAGES).map(({ maker }) =>
      maker({ package: "aws", module: "", name: "S3Bucket" }),
    );
    expect(makers).to.deep.equal([
      ...["aws.S3Bucket", "aws.S3Bucket", "aws.NewS3Bucket"],
      ...["Pulumi.Aws.S3Bucket", "com.pulumi.aws.S3Bucket", "aws:S3Bucket"],
    ]);
  });
});

describe("The language of a program", () => {
  it("is that of its runtime", () => {
    const runtimes = [
      "nodejs",
      "bun",
      "python",
      "go",
      "dotnet",
      "java",
      "yaml",
      "hcl",
      "ruby",
      "constructor",
    ];
    expect(runtimes.map((runtime) => languageOfRuntime(runtime)?.title)).to.deep.equal([
      ...["TypeScript", "TypeScript", "Python", "Go", "C#", "Java", "YAML", "HCL"],
      ...[undefined, undefined],
    ]);
  });
});
