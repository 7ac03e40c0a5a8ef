import { expect } from "chai";
import { UNKNOWN } from "../../../policypack/shared/values";
import { evaluate, type Environment } from "../../../policypack/roads/template";
import { parseTemplate } from "../../../policypack/roads/template-text";

const NOTHING: Environment = { parameters: {}, pseudo: {} };

/** What a value in a template is. */
function valueOf(value: unknown, rest: object = {}, environment = NOTHING): unknown {
  const template = {
    ...rest,
    Resources: {
      Role: { Type: "AWS::IAM::Role" },
      Custom: { Type: "Custom::Lookup" },
      It: { Type: "AWS::S3::Bucket", Properties: { It: value } },
    },
  };
  return evaluate(template, environment)
    .resources.find(({ id }) => id === "It")
    ?.read("It");
}

const parameters = (declared: object, given: unknown, value: unknown): unknown =>
  valueOf(value, { Parameters: declared }, { parameters: given, pseudo: {} });

describe("The value in a template", () => {
  it("is itself where it has no function in it", () => {
    for (const value of ["text", 1, true, null, [1, ["a"]], { a: { b: [] } }]) {
      expect(valueOf(value)).to.deep.equal(value);
    }
    expect(valueOf(undefined)).to.equal(undefined);
  });

  it("is a parameter's value: the one that is given, or the default", () => {
    const declared = { Flag: { Type: "String", Default: "false" }, List: { Type: "CommaDelimitedList" } };
    expect(parameters(declared, { Flag: "true" }, { Ref: "Flag" })).to.equal("true");
    expect(parameters(declared, {}, { Ref: "Flag" })).to.equal("false");
    expect(parameters(declared, undefined, { Ref: "Flag" })).to.equal("false");
    expect(parameters(declared, { List: "a, b" }, { Ref: "List" })).to.deep.equal(["a", "b"]);
  });

  it("is unknown where a parameter's value isn't told", () => {
    const declared = { P: { Type: "String", Default: "x" }, Needed: { Type: "String" } };
    const ssm = { P: { Type: "AWS::SSM::Parameter::Value<String>", Default: "x" } };
    expect(parameters(declared, UNKNOWN, { Ref: "P" })).to.equal(UNKNOWN);
    expect(parameters(declared, { P: UNKNOWN }, { Ref: "P" })).to.equal(UNKNOWN);
    for (const given of [[], '{"P":"y"}', 1])
      expect(parameters(declared, given, { Ref: "P" })).to.equal(UNKNOWN);
    expect(parameters(declared, {}, { Ref: "Needed" })).to.equal(UNKNOWN);
    expect(parameters(declared, {}, { Ref: "Elsewhere" })).to.equal(UNKNOWN);
    expect(parameters(ssm, {}, { Ref: "P" })).to.equal(UNKNOWN);
    expect(parameters({ P: { Type: "String", Default: "{{resolve:ssm:x}}" } }, {}, { Ref: "P" })).to.equal(
      UNKNOWN,
    );
  });

  it("has a place for what AWS fills in and what can't be a wildcard", () => {
    expect(valueOf({ Ref: "Role" })).to.equal("<Role>");
    expect(valueOf({ "Fn::GetAtt": ["Role", "Arn"] })).to.equal("<Role.Arn>");
    expect(valueOf({ "Fn::GetAtt": "Role.Arn" })).to.equal("<Role.Arn>");
    expect(valueOf({ "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" })).to.equal(
      "arn:aws:iam::<AWS::AccountId>:root",
    );
    expect(
      valueOf({ Ref: "AWS::Region" }, {}, { parameters: {}, pseudo: { "AWS::Region": "eu-west-1" } }),
    ).to.equal("eu-west-1");
  });

  it("is unknown where others decide it", () => {
    const open = [
      ...[{ Ref: "Custom" }, { "Fn::GetAtt": ["Custom", "Who"] }, { "Fn::ImportValue": "x" }, { Ref: 1 }],
      ...[
        { "Fn::Transform": { Name: "AWS::Include" } },
        { "Fn::Cidr": [] },
        { "Fn::New": 1 },
        { "Fn::Sub": 1 },
      ],
      ...["{{resolve:ssm:/who}}", { a: 1, "Fn::Transform": {} }, { "Fn::GetAtt": 1 }, { "Fn::toString": 1 }],
      ...[{ "Fn::Join": 1 }, { "Fn::Join": [",", { Ref: "Custom" }] }, { "Fn::Select": [3, ["a"]] }],
      ...[{ "Fn::FindInMap": ["a", "b", "c"] }, { "Fn::Split": ["", "a"] }, { "Fn::Sub": "a${Custom}" }],
    ];
    for (const value of open) expect(valueOf(value), JSON.stringify(value)).to.equal(UNKNOWN);
  });

  it("is put together by functions", () => {
    const Mappings = { Stage: { prod: { Name: "data" } } };
    expect(valueOf({ "Fn::Join": ["-", ["a", { Ref: "AWS::NoValue" }, "b"]] })).to.equal("a-b");
    expect(valueOf({ "Fn::Select": ["1", { "Fn::Split": [",", "a,b"] }] })).to.equal("b");
    expect(valueOf({ "Fn::FindInMap": ["Stage", "prod", "Name"] }, { Mappings })).to.equal("data");
    expect(valueOf({ "Fn::Sub": ["${A}-${!B}", { A: { "Fn::Join": ["", ["x", "y"]] } }] })).to.equal(
      "xy-${B}",
    );
    expect(valueOf({ "Fn::ToJsonString": { a: { "Fn::Sub": "b" } } })).to.deep.equal({ a: "b" });
  });

  it("leaves out what has no value", () => {
    expect(valueOf({ a: { Ref: "AWS::NoValue" }, b: 1 })).to.deep.equal({ b: 1 });
    expect(valueOf({ Ref: "AWS::NoValue" })).to.equal(undefined);
  });

  it("follows a condition that is known", () => {
    const Conditions = {
      IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
      IsNot: { "Fn::Not": [{ Condition: "IsProd" }] },
      Both: { "Fn::And": [{ Condition: "IsProd" }, { Condition: "Nobody" }] },
      Either: { "Fn::Or": [{ Condition: "IsProd" }, { Condition: "Nobody" }] },
      Nobody: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "1"] },
    };
    const rest = { Conditions, Parameters: { Stage: { Type: "String" } } };
    const at = (Stage: string, name: string): unknown =>
      valueOf({ "Fn::If": [name, "yes", "no"] }, rest, { parameters: { Stage }, pseudo: {} });
    expect(["IsProd", "IsNot", "Both", "Either"].map((name) => at("prod", name))).to.deep.equal([
      "yes",
      "no",
      UNKNOWN,
      "yes",
    ]);
    expect(["IsProd", "IsNot", "Both", "Either"].map((name) => at("dev", name))).to.deep.equal([
      "no",
      "yes",
      "no",
      UNKNOWN,
    ]);
  });

  it("is unknown behind a condition that isn't known, unless both outcomes are one", () => {
    const Conditions = {
      Circle: { "Fn::Not": [{ Condition: "Circle" }] },
      Region: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] },
      Odd: { "Fn::Equals": ["a"] },
      New: { "Fn::New": 1 },
    };
    for (const name of [...Object.keys(Conditions), "Missing"]) {
      expect(valueOf({ "Fn::If": [name, 1, 2] }, { Conditions }), name).to.equal(UNKNOWN);
      expect(valueOf({ "Fn::If": [name, { a: 1 }, { a: 1 }] }, { Conditions }), name).to.deep.equal({ a: 1 });
      // A parameter's value is a text, whatever it is for.
      expect(valueOf({ "Fn::If": [name, true, "true"] }, { Conditions }), name).to.equal(true);
      expect(valueOf({ "Fn::If": [name, [1], ["1"]] }, { Conditions }), name).to.deep.equal([1]);
    }
  });

  it("is unknown where it is made of itself, or is longer than any memory", () => {
    const twice = (inner: unknown): object => ({ "Fn::Sub": ["${A}${A}", { A: inner }] });
    let long: unknown = "a";
    for (let depth = 0; depth < 60; depth++) long = twice(long);
    expect(valueOf(long)).to.equal(UNKNOWN);
    expect(valueOf(twice(twice("a")))).to.equal("aaaa");
    const Mappings = { A: { B: { C: { "Fn::FindInMap": ["A", "B", "C"] } } } };
    expect(valueOf({ "Fn::FindInMap": ["A", "B", "C"] }, { Mappings })).to.equal(UNKNOWN);
    expect(parameters({ P: { Type: "String", Default: { Ref: "P" } } }, {}, { Ref: "P" })).to.equal(UNKNOWN);
  });

  it("is unknown behind more conditions of conditions than a recursion gets through", () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => [
      `C${at}`,
      { "Fn::Not": [{ Condition: `C${at + 1}` }] },
    ]);
    const Conditions = Object.fromEntries([...chain, ["C50000", { "Fn::Equals": ["a", "a"] }]]) as object;
    expect(valueOf({ "Fn::If": ["C0", 1, 2] }, { Conditions })).to.equal(UNKNOWN);
    expect(valueOf({ "Fn::If": ["C49900", 1, 2] }, { Conditions })).to.equal(1);
  });

  it("is unknown where a name in a text has no end, which is told at once of a text of 1 MB", () => {
    expect(valueOf({ "Fn::Sub": "a${Role" })).to.equal(UNKNOWN);
    expect(valueOf({ "Fn::Sub": "a${b${Role}" })).to.equal(UNKNOWN);
    const before = process.cpuUsage().user;
    expect(valueOf({ "Fn::Sub": "${".repeat(500_000) })).to.equal(UNKNOWN);
    // Microseconds. It took minutes when each "${" was followed to the end of the text.
    expect(process.cpuUsage().user - before).to.be.below(2_000_000);
  });

  it("has both outcomes of such a condition in a list", () => {
    const some = { "Fn::If": ["Missing", { Ref: "AWS::NoValue" }, "b"] };
    expect(valueOf(["a", some, { "Fn::If": ["Missing", "c", "d"] }])).to.deep.equal(["a", "b", "c", "d"]);
  });
});

describe("A template", () => {
  it("has the resources whose condition isn't false", () => {
    const Conditions = { No: { "Fn::Equals": ["a", "b"] }, Yes: { "Fn::Equals": ["a", "a"] } };
    const bucket = (Condition?: unknown): object => ({
      Type: "AWS::S3::Bucket",
      ...(Condition !== undefined && { Condition }),
    });
    const Resources = {
      Plain: bucket(),
      Not: bucket("No"),
      Is: bucket("Yes"),
      May: bucket("Missing"),
      Odd: bucket(1),
      Untyped: {},
    };
    const { resources } = evaluate({ Conditions, Resources }, NOTHING);
    expect(resources.map(({ id }) => id)).to.deep.equal(["Plain", "Is", "May", "Odd"]);
  });

  it("names the parts that may hide a bucket", () => {
    const hidden = (template: object): string[] =>
      evaluate({ Resources: {}, ...template }, NOTHING).hidden.map(({ path, isReadable }) => {
        expect(isReadable).to.equal(true);
        return path;
      });
    const of = (Type: string): object => ({ Resources: { It: { Type } } });
    expect(hidden({ Transform: ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"] })).to.deep.equal(
      [],
    );
    expect(hidden({ Transform: "MyMacro" })).to.deep.equal(["/Transform"]);
    expect(hidden({ Transform: { Name: "AWS::Include" } })).to.deep.equal(["/Transform"]);
    expect(hidden({ "Fn::Transform": {} })).to.deep.equal(["/Fn::Transform"]);
    expect(hidden({ Resources: { "Fn::ForEach::Buckets": [] } })).to.deep.equal([
      "/Resources/Fn::ForEach::Buckets",
    ]);
    for (const type of [
      ...[
        "AWS::CloudFormation::Stack",
        "AWS::Serverless::Application",
        "Acme::S3::Bucket",
        "My::S3::Bucket::MODULE",
        "AWS::S3::BucketOfTomorrow",
      ],
    ]) {
      expect(hidden(of(type)), type).to.deep.equal(["/Resources/It"]);
    }
    for (const type of [
      ...["AWS::S3::Bucket", "AWS::S3::StorageLens", "AWS::S3Outposts::Bucket", "AWS::Lambda::Function"],
      "Custom::Thing",
    ])
      expect(hidden(of(type)), type).to.deep.equal([]);
  });

  it("has no properties that are known where a macro puts some in", () => {
    const Type = "AWS::S3::Bucket";
    for (const node of [
      { Type, Properties: { "Fn::Transform": {}, BucketName: "data" } },
      { Type, Properties: { "Fn::ForEach::Each": [], BucketName: "data" } },
      { Type, Properties: { BucketName: "data" }, "Fn::Transform": {} },
    ]) {
      const [it] = evaluate({ Resources: { It: node } }, NOTHING).resources;
      expect(it?.read("BucketName"), JSON.stringify(node)).to.equal(UNKNOWN);
    }
  });

  it("names the resources that a macro makes, whatever type they have before", () => {
    const Resources = {
      Included: { "Fn::Transform": { Name: "AWS::Include" } },
      Changed: { Type: "AWS::SNS::Topic", "Fn::Transform": {} },
    };
    expect(
      evaluate({ Resources }, NOTHING).hidden.map(({ path, isReadable }) => [path, isReadable]),
    ).to.deep.equal([
      ["/Resources/Included", true],
      ["/Resources/Changed", true],
    ]);
  });

  it("names the parts that nobody can read", () => {
    const unreadable = (template: object): [string, string][] =>
      evaluate(template, NOTHING).hidden.map(({ path, reason, isReadable }) => {
        expect(isReadable).to.equal(false);
        return [path, reason];
      });
    expect(unreadable({ resources: {} })).to.deep.equal([["/Resources", "is missing"]]);
    for (const Resources of [null, "AWS::S3::Bucket", 1, [], [{ Type: "AWS::S3::Bucket" }]])
      expect(unreadable({ Resources })).to.deep.equal([["/Resources", "is not an object"]]);
    for (const It of [null, "AWS::S3::Bucket", [{ Type: "AWS::S3::Bucket" }]])
      expect(unreadable({ Resources: { It } })).to.deep.equal([["/Resources/It", "is not an object"]]);
    for (const Type of [undefined, null, 1, ["AWS::S3::Bucket"], { Ref: "Type" }])
      expect(unreadable({ Resources: { It: { Type } } })).to.deep.equal([
        ["/Resources/It", "has no Type that is a text"],
      ]);
    expect(unreadable({ Resources: { It: { type: "AWS::S3::Bucket" } } })).to.have.length(1);
    expect(unreadable({ Resources: { "Fn::If": ["A", {}, {}] } })).to.have.length(1);
    expect(unreadable({ Transform: "AWS::LanguageExtensions" })).to.have.length(1);
    expect(unreadable({ Resources: {} })).to.deep.equal([]);
  });

  it("need not be one yet where a macro gets it", () => {
    const paths = (template: object): string[] => evaluate(template, NOTHING).hidden.map(({ path }) => path);
    expect(paths({ Transform: "ShortHand", Resources: ["a bucket"] })).to.deep.equal(["/Transform"]);
    expect(paths({ "Fn::Transform": {} })).to.deep.equal(["/Fn::Transform"]);
  });

  it("tells which outputs are the name or the ARN of a resource", () => {
    const Outputs = {
      Name: { Value: { Ref: "It" } },
      Arn: { Value: { "Fn::GetAtt": ["It", "Arn"] } },
      Short: { Value: { "Fn::GetAtt": "It.Arn" } },
      Url: { Value: { "Fn::GetAtt": ["It", "WebsiteURL"] } },
      Other: { Value: { Ref: "Parameter" } },
    };
    const { exports } = evaluate({ Outputs, Resources: { It: { Type: "AWS::S3::Bucket" } } }, NOTHING);
    expect(exports.map(({ key, id }) => [key, id])).to.deep.equal([
      ["Name", "It"],
      ["Arn", "It"],
      ["Short", "It"],
    ]);
  });
});

describe("The text of a template", () => {
  it("means the same in JSON and in YAML, short forms included", () => {
    const long = {
      Resources: {
        It: { Type: "T", Properties: { A: { "Fn::Sub": ["${B}", { B: { Ref: "C" } }] }, D: true } },
      },
    };
    const yaml = [
      "Resources:",
      "  It:",
      "    Type: T",
      "    Properties:",
      "      A: !Sub ['${B}', { B: !Ref C }]",
      "      D: yes",
    ].join("\n");
    expect(parseTemplate(JSON.stringify(long))).to.deep.equal(long);
    expect(parseTemplate(yaml)).to.deep.equal(long);
    expect(parseTemplate("A: !If [X, !GetAtt B.Arn, !Condition Y]")).to.deep.equal({
      A: { "Fn::If": ["X", { "Fn::GetAtt": "B.Arn" }, { Condition: "Y" }] },
    });
  });

  it("keeps keys and dates as they are written", () => {
    expect(parseTemplate("Version: 2012-10-17\nOn: on\n012: x")).to.deep.equal({
      Version: "2012-10-17",
      On: true,
      "012": "x",
    });
  });

  it("says why it can't be read", () => {
    const texts = ["a: [1\nb: 2", "a: &x 1\nb: *x", "a: 1\na: 2", '{"a": 1, "a": 2}', "? [1]\n: 2"];
    const reasons = texts.map((text) => {
      try {
        return String(parseTemplate(text));
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(reasons).to.deep.equal([
      "isn't YAML: BAD_INDENT at line 2",
      "has a YAML alias, which CloudFormation doesn't take",
      "gives a twice",
      "gives a twice",
      "has a YAML key that isn't a string",
    ]);
  });

  it("has no YAML in it that CloudFormation doesn't take", () => {
    const refused: [string, string][] = [
      ["a: 1\n---\nb: 2", "is more than one YAML document"],
      ["a:\n  <<: { b: 1 }", "has a YAML merge (<<), which CloudFormation doesn't take"],
      ["a:\n  <<: *b", "has a YAML merge (<<), which CloudFormation doesn't take"],
      ["a: { !!merge '<<': { b: 1 } }", "has a YAML merge (<<), which CloudFormation doesn't take"],
      ["1: a\n'1': b", "gives 1 twice"],
      ["!Sub a: 1", "has a YAML key that isn't a string"],
      ["a: !!binary QQ==", "has the YAML tag !!binary, which CloudFormation doesn't take"],
      ["a: !!timestamp 2012-10-17", "has the YAML tag !!timestamp, which CloudFormation doesn't take"],
      ["a: !!set { b }", "has the YAML tag !!set, which CloudFormation doesn't take"],
      ["a: !!omap [b: 1]", "has the YAML tag !!omap, which CloudFormation doesn't take"],
      ["a: !<tag:x> b", "has the YAML tag tag:x, which CloudFormation doesn't take"],
      ["a: !Fn-Sub b", "has the YAML tag !Fn-Sub, which CloudFormation doesn't take"],
    ];
    for (const [text, reason] of refused) expect(() => parseTemplate(text), text).to.throw(Error, reason);
  });

  it("takes anchors, one document with its marks, tags of JSON's types, and a quoted << for a key", () => {
    expect(parseTemplate("--- &x\na: &y !!str true\nb: !!map { '<<': 1 }\nc: ! d\n...\n")).to.deep.equal({
      a: "true",
      b: { "<<": 1 },
      c: "d",
    });
  });

  it("has booleans as Java's parser of YAML 1.1 does, to which y and n are texts", () => {
    expect(parseTemplate("a: [yes, On, TRUE, y, Y]\nb: [no, Off, n, N]")).to.deep.equal({
      a: [true, true, true, "y", "Y"],
      b: [false, false, "n", "N"],
    });
  });

  it("is read once, however often the engine tells of it, and forgotten when many others have been read", () => {
    const body = "Resources: { A: { Type: AWS::S3::Bucket } }";
    const first = parseTemplate(body);
    expect(parseTemplate(body)).to.equal(first);
    expect(() => parseTemplate("a: *b")).to.throw(Error);
    expect(() => parseTemplate("a: *b")).to.throw(Error);
    for (let count = 0; count < 11; count++) parseTemplate(`{"${"x".repeat(1_000_000)}": ${String(count)}}`);
    expect(parseTemplate(body)).to.not.equal(first);
    expect(parseTemplate(body)).to.deep.equal(first);
  });
});
