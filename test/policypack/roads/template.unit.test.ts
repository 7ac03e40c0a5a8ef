import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { UNKNOWN } from "../../../policypack/shared/values";
import { evaluate } from "../../../policypack/roads/template";
import type { Environment } from "../../../policypack/roads/functions";
import { parseTemplate } from "../../../policypack/roads/template-text";
import { PolicyTester } from "../../../harness/policy-tester";
import { ROOT } from "../../../harness/engine/paths";
import { known, urn } from "../resources";
import { CASES, told } from "./templates";

const NOTHING: Environment = { parameters: {}, pseudo: {} };
const text = (type: string, value?: unknown): object => ({ Type: type, Default: value });
const chain = Array.from({ length: 50_000 }, (_, at) => [
  `C${at}`,
  { "Fn::Not": [{ Condition: `C${at + 1}` }] },
]);

/** What the tables of functions.yaml speak of. */
const HEAD = {
  Parameters: {
    ...{ Given: text("String", "x"), Default: text("String", "default"), Needed: text("String") },
    ...{
      List: text("CommaDelimitedList"),
      NotYet: text("String", "x"),
      Itself: text("String", { Ref: "P" }),
    },
    ...{
      Ssm: text("AWS::SSM::Parameter::Value<String>", "x"),
      Resolved: text("String", "{{resolve:ssm:x}}"),
    },
  },
  Mappings: {
    Stages: {
      prod: { Name: "data", List: ["a", "b"], Itself: { "Fn::FindInMap": ["Stages", "prod", "Itself"] } },
    },
    Included: { "Fn::Transform": { Name: "AWS::Include" }, prod: { Name: "data" } },
  },
  Conditions: parseTemplate(`
IsSo: !Equals [!Ref Given, given]
IsNot: !Equals [a, b]
NotSo: !Not [{ Condition: IsSo }]
Maybe: !Equals [!Ref AWS::AccountId, "1"]
Perhaps: !Equals [!Ref NotYet, x]
Both: !And [{ Condition: IsSo }, !Condition Maybe]
BothNot: !And [!Condition IsNot, !Condition Maybe]
Either: !Or [!Condition IsSo, !Condition Maybe]
EitherNot: !Or [!Condition IsNot, !Condition Maybe]
Region: !Equals [!Ref AWS::Region, eu-west-1]
Circle: !Not [!Condition Circle]
Odd: !Equals [a]
New: !New 1
NotTwo: !Not [!Condition IsSo, !Condition IsNot]
`).template as object,
};
const ENVIRONMENT: Environment = {
  parameters: { Given: "given", List: "a, b", NotYet: UNKNOWN },
  pseudo: { "AWS::Region": "eu-west-1" },
};

/** What a value in a template is. */
function valueOf(value: unknown, head: object = HEAD, environment = ENVIRONMENT): unknown {
  const template = {
    ...head,
    Resources: {
      Role: { Type: "AWS::IAM::Role" },
      Lookup: { Type: "Custom::Lookup" },
      It: { Type: "AWS::S3::Bucket", Properties: { It: value } },
    },
  };
  return evaluate(template, environment)
    .resources.find(({ id }) => id === "It")
    ?.read("It");
}

/** UNKNOWN and ABSENT in a table are what they stand for. */
function meant(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meant);
  return node === "UNKNOWN" ? UNKNOWN : node === "ABSENT" ? undefined : node;
}

describe("The value in a template", () => {
  const tables = parseTemplate(readFileSync(join(__dirname, "functions.yaml"), "utf8")).template;
  for (const [name, rows] of Object.entries(tables as Record<string, [unknown, unknown][]>)) {
    it(`is that of the ${rows.length} rows on ${name}`, () => {
      for (const [value, result] of rows)
        expect(valueOf(value), JSON.stringify(value)).to.deep.equal(meant(result));
    });
  }

  it("is unknown where nobody can tell which parameters are given, and a default where none are", () => {
    for (const [parameters, wanted] of [
      ...[[], '{"Given":"y"}', 1, UNKNOWN].map((given) => [given, UNKNOWN]),
      ...[undefined, null, {}].map((given) => [given, "x"]),
    ])
      expect(valueOf({ Ref: "Given" }, HEAD, { ...NOTHING, parameters })).to.equal(wanted);
  });

  it("is unknown where it is longer than any memory, or behind more conditions than a recursion gets through", () => {
    const twice = (inner: unknown): object => ({ "Fn::Sub": ["${A}${A}", { A: inner }] });
    let long: unknown = "a";
    for (let depth = 0; depth < 60; depth++) long = twice(long);
    expect(valueOf(long)).to.equal(UNKNOWN);
    expect(valueOf(twice(twice("a")))).to.equal("aaaa");
    const Conditions = Object.fromEntries([...chain, ["C50000", { "Fn::Equals": ["a", "a"] }]]) as object;
    expect(valueOf({ "Fn::If": ["C0", 1, 2] }, { Conditions })).to.equal(UNKNOWN);
    expect(valueOf({ "Fn::If": ["C49900", 1, 2] }, { Conditions })).to.equal(1);
  });

  it("is told at once of a text of 1 MB in which no name has an end", () => {
    const before = process.cpuUsage().user;
    expect(valueOf({ "Fn::Sub": "${".repeat(500_000) })).to.equal(UNKNOWN);
    // Microseconds. It took minutes when each "${" was followed to the end of the text.
    expect(process.cpuUsage().user - before).to.be.below(2_000_000);
  });
});

const bucket = (rest: object = {}): object => ({ Type: "AWS::S3::Bucket", ...rest });
const of = (It: unknown): object => ({ Resources: { It } });
const MADE = ["/Resources/It", "is made when the template is deployed"];
const UNTYPED = ["/Resources/It", "has no Type that is a text"];
const NO_OBJECT = ["/Resources", "is not an object"];

describe("A template", () => {
  it("has the resources whose condition isn't false", () => {
    const Conditions = { No: { "Fn::Equals": ["a", "b"] }, Yes: { "Fn::Equals": ["a", "a"] } };
    const Resources = {
      ...{ Plain: bucket(), Not: bucket({ Condition: "No" }), Is: bucket({ Condition: "Yes" }) },
      ...{ May: bucket({ Condition: "Missing" }), Odd: bucket({ Condition: 1 }), Untyped: {} },
    };
    const { resources } = evaluate({ Conditions, Resources }, NOTHING);
    expect(resources.map(({ id }) => id)).to.deep.equal(["Plain", "Is", "May", "Odd"]);
  });

  it("names the parts that may hide a bucket, and those that nobody can read", () => {
    const types = (...all: string[]): object => ({
      Resources: Object.fromEntries(all.map((Type) => [Type, { Type }])),
    });
    const macro = "is a macro, which can change all of the template";
    const nested = "is a nested stack, whose template is elsewhere";
    const unlike = (type: string): string =>
      `has the type ${type}, which looks like a bucket and isn't known here`;
    const readable: [object, ...string[][]][] = [
      [{ Transform: ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"], Resources: {} }],
      [{ Transform: ["AWS::SecretsManager-2020-07-23", "MyMacro"], Resources: {} }, ["/Transform", macro]],
      [{ Transform: { Name: "AWS::Include" }, Resources: ["a bucket"] }, ["/Transform", macro]],
      [{ Transform: "AWS::ServiceCatalog" }, ["/Transform", macro]],
      [{ "Fn::Transform": {} }, ["/Fn::Transform", macro]],
      [
        { Resources: { "Fn::ForEach::A": [] } },
        ["/Resources/Fn::ForEach::A", "is made when the template is deployed"],
      ],
      [of({ "Fn::Transform": { Name: "AWS::Include" } }), MADE],
      [of({ Type: "AWS::SNS::Topic", "Fn::Transform": {} }), MADE],
      [types("AWS::S3::Bucket", "AWS::S3::StorageLens", "AWS::S3Outposts::Bucket", "Custom::S3Bucket")],
      ...["AWS::CloudFormation::Stack", "AWS::Serverless::Application"].map((type): [object, string[]] => [
        types(type),
        [`/Resources/${type}`, nested],
      ]),
      ...["Acme::S3::Bucket", "AWS::S3::BucketOfTomorrow"].map((type): [object, string[]] => [
        types(type),
        [`/Resources/${type}`, unlike(type)],
      ]),
      [
        types("My::S3::Bucket::MODULE"),
        [
          "/Resources/My::S3::Bucket::MODULE",
          "is a module of the CloudFormation registry, whose resources aren't in the template",
        ],
      ],
    ];
    const unreadable: [object, ...string[][]][] = [
      [{ Transform: "AWS::LanguageExtensions" }, ["/Resources", "is missing"]],
      [{ resources: {} }, ["/Resources", "is missing"]],
      ...[null, "AWS::S3::Bucket", 1, [], [bucket()]].map((Resources): [object, string[]] => [
        { Resources },
        NO_OBJECT,
      ]),
      ...[null, "AWS::S3::Bucket", [bucket()]].map((It): [object, string[]] => [
        of(It),
        ["/Resources/It", "is not an object"],
      ]),
      ...[undefined, null, 1, ["AWS::S3::Bucket"], { Ref: "Type" }].map((Type): [object, string[]] => [
        of({ Type }),
        UNTYPED,
      ]),
      [of({ type: "AWS::S3::Bucket" }), UNTYPED],
      [of({ "Fn::If": ["A", bucket(), bucket()] }), UNTYPED],
      [{ Resources: { "Fn::If": ["A", {}, {}] } }, ["/Resources/Fn::If", "is not an object"]],
    ];
    for (const [cases, is] of [
      [readable, true],
      [unreadable, false],
    ] as const)
      for (const [template, ...wanted] of cases) {
        const { hidden } = evaluate(template, NOTHING);
        const found = hidden.map(({ path, reason, isReadable }) => [path, reason, isReadable]);
        expect(found, JSON.stringify(template)).to.deep.equal(wanted.map((each) => [...each, is]));
      }
  });

  it("has no properties that are known where a macro puts some in", () => {
    for (const node of [
      bucket({ Properties: { "Fn::Transform": {}, BucketName: "data" } }),
      bucket({ Properties: { "Fn::ForEach::Each": [], BucketName: "data" } }),
      bucket({ Properties: { BucketName: "data" }, "Fn::Transform": {} }),
    ])
      expect(evaluate(of(node), NOTHING).resources[0]?.read("BucketName")).to.equal(UNKNOWN);
  });

  it("tells which outputs are the name or the ARN of a resource, however they are written", () => {
    const { template } = parseTemplate(`
Resources: { It: { Type: AWS::S3::Bucket } }
Outputs:
  Name: { Value: !Ref It }
  Text: { Value: !Sub "\${It}" }
  Either: { Value: !If [Maybe, !Ref It, !Sub "\${It}"] }
  Joined: { Value: !Join ["", [!Ref It]] }
  Arn: { Value: !GetAtt [It, Arn] }
  Short: { Value: !Sub "\${It.Arn}" }
  Url: { Value: !GetAtt It.WebsiteURL }
  Longer: { Value: !Sub "\${It}-logs" }
  Account: { Value: !Ref AWS::AccountId }
  Other: { Value: !Ref Parameter }
`);
    const { exports } = evaluate(template as object, NOTHING);
    const keys = ["Name", "Text", "Either", "Joined", "Arn", "Short"];
    expect(exports).to.deep.equal(keys.map((key) => ({ key, id: "It" })));
  });
});

describe("The text of a template", () => {
  const valueIn = (body: string): unknown => parseTemplate(body).template;
  const LONG = { A: { "Fn::Sub": ["${B}", { B: { Ref: "C" } }] }, D: true };
  const read: [string, unknown][] = [
    [JSON.stringify(LONG), LONG],
    ["A: !Sub ['${B}', { B: !Ref C }]\nD: yes", LONG],
    [
      "A: !If [X, !GetAtt B.Arn, !Condition Y]",
      { A: { "Fn::If": ["X", { "Fn::GetAtt": "B.Arn" }, { Condition: "Y" }] } },
    ],
    // Keys and dates are what is written.
    ["Version: 2012-10-17\nOn: on\n012: x", { Version: "2012-10-17", On: true, "012": "x" }],
    ["--- &x\na: &y !!str true\nb: !!map { '<<': 1 }\nc: ! d\n...\n", { a: "true", b: { "<<": 1 }, c: "d" }],
    // The parsers of Java and Python take y and n for texts.
    [
      "a: [yes, On, TRUE, y, Y]\nb: [no, Off, n, N]",
      { a: [true, true, true, "y", "Y"], b: [false, false, "n", "N"] },
    ],
  ];

  it("means the same in JSON and in YAML, short forms included", () => {
    for (const [body, value] of read) expect(valueIn(body), body).to.deep.equal(value);
  });

  it("says why it can't be read, or has in it what CloudFormation doesn't take", () => {
    const key = "has a YAML key that isn't a string";
    const merge = "has a YAML merge (<<), which CloudFormation doesn't take";
    const tag = (name: string): string => `has the YAML tag ${name}, which CloudFormation doesn't take`;
    const refused: [string, string][] = [
      ["a: [1\nb: 2", "isn't YAML: BAD_INDENT at line 2"],
      ["a: &x 1\nb: *x", "has a YAML alias, which CloudFormation doesn't take"],
      ["? [1]\n: 2", key],
      ["!Sub a: 1", key],
      ["a: 1\n---\nb: 2", "is more than one YAML document"],
      ["a:\n  <<: { b: 1 }", merge],
      ["a:\n  <<: *b", merge],
      ["a: { !!merge '<<': { b: 1 } }", merge],
      ["a: !!binary QQ==", tag("!!binary")],
      ["a: !!timestamp 2012-10-17", tag("!!timestamp")],
      ["a: !!set { b }", tag("!!set")],
      ["a: !!omap [b: 1]", tag("!!omap")],
      ["a: !<tag:x> b", tag("tag:x")],
      ["a: !Fn-Sub b", tag("!Fn-Sub")],
    ];
    for (const [body, reason] of refused) expect(() => parseTemplate(body), body).to.throw(Error, reason);
  });

  it("has the last value of a key that is given twice, and names the key", () => {
    for (const body of ['{"a": 1, "b": {}, "a": 2}', "a: 1\nb: {}\na: 2", "a: 1\nb: {}\n'a': 2"])
      expect(parseTemplate(body)).to.deep.equal({ template: { a: 2, b: {} }, repeated: "a" });
    expect(parseTemplate("a: { b: 1, b: 2 }").repeated).to.equal("b");
    expect(parseTemplate("a: { b: 1 }\nb: 1").repeated).to.equal(undefined);
  });

  it("is read once, however often the engine tells of it, and forgotten when many others have been read", () => {
    const body = "Resources: { A: { Type: AWS::S3::Bucket } }";
    const first = parseTemplate(body);
    expect(parseTemplate(body)).to.equal(first);
    for (let times = 0; times < 2; times++) expect(() => parseTemplate("a: *b")).to.throw(Error);
    for (let count = 0; count < 11; count++) parseTemplate(`{"${"x".repeat(1_000_000)}": ${String(count)}}`);
    expect(parseTemplate(body)).to.not.equal(first);
    expect(parseTemplate(body)).to.deep.equal(first);
  });
});

describe("The verdict on a template, over the protocol", () => {
  const tester = new PolicyTester(ROOT);
  const type = "aws:cloudformation/stack:Stack";

  it(`is that of the ${CASES.length} cases in templates.yaml`, async () => {
    for (const { name, body, finds } of CASES) {
      const stack = { type, urn: urn(name, type), name, props: { templateBody: body }, provider: known };
      const found = [...(await tester.analyze(stack)), ...(await tester.analyzeStack(stack))];
      expect(found.map(told).sort(), body).to.deep.equal([...finds].sort());
    }
  });
});
