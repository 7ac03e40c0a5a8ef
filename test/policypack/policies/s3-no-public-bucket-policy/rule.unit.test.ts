import { expect } from "chai";

import { UNKNOWN } from "../../../../policypack/shared/values";
import type { AttachedTo } from "../../../../policypack/policies/s3-no-public-bucket-policy/conditions";
import {
  evaluateDocument,
  withoutQuotes,
  type Verdict,
} from "../../../../policypack/policies/s3-no-public-bucket-policy/rule";

type Statement = Record<string, unknown>;

const policy = (...statements: unknown[]): unknown => ({ Version: "2012-10-17", Statement: statements });
const allow = (change: Statement = {}): Statement => ({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/reader" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::the-data/*",
  ...change,
});
const toAnyone = (condition?: unknown): Statement => allow({ Principal: "*", Condition: condition });
const evaluate = (document: unknown, attachedTo: AttachedTo = "bucket"): Verdict =>
  evaluateDocument(document, attachedTo);
const kindOf = (...statements: unknown[]): string => evaluate(policy(...statements)).kind;
const under = (operator: string, key: string, value: unknown): string =>
  kindOf(toAnyone({ [operator]: { [key]: value } }));

describe("A policy that AWS documents", () => {
  const put = { Effect: "Allow", Principal: "*", Resource: "*", Action: "s3:PutObject" };
  const cloudTrail = { ...put, Sid: "CloudTrail", Principal: { Service: "cloudtrail.amazonaws.com" } };
  const account2 = { ...put, Sid: "Account2", Principal: { AWS: "444455556666" } };
  const accessPoints = {
    ...put,
    Condition: { StringLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*" } },
  };

  for (const [title, statements, attachedTo] of [
    ["to everyone", [put]],
    ["to every VPC", [{ ...put, Condition: { StringLike: { "aws:SourceVpc": "vpc-*" } } }]],
    ["to half of all addresses", [{ ...put, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } } }]],
    ["to the identities of a social network", [{ ...put, Principal: { Federated: "graph.facebook.com" } }]],
    ["to CloudTrail, to an account, and to everyone", [cloudTrail, account2, put]],
    ["of an access point, to all access points of an account", [accessPoints], "access point"],
    [
      "to whoever sends the right referer",
      [{ ...put, Condition: { StringLike: { "aws:Referer": ["http://www.example.com/*"] } } }],
    ],
  ] as [string, Statement[], AttachedTo?][]) {
    it(`is public: ${title}`, () => {
      expect(evaluate(policy(...statements), attachedTo).kind).to.equal("public");
    });
  }

  for (const [title, statements] of [
    ["to one VPC", [{ ...put, Condition: { StringEquals: { "aws:SourceVpc": "vpc-91237329" } } }]],
    ["to one role", [{ ...put, Principal: { AWS: "arn:aws:iam::111122223333:role/JohnDoe" } }]],
    ["to CloudTrail and to an account", [cloudTrail, account2]],
    ["of a bucket, to all access points of an account", [accessPoints]],
    [
      "that leaves it to the access points of an account",
      [
        {
          ...put,
          Principal: { AWS: "*" },
          Condition: { StringEquals: { "s3:DataAccessPointAccount": "111122223333" } },
        },
      ],
    ],
    [
      "to an organization",
      [{ ...put, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-aa111bb222" } } }],
    ],
    [
      "to a range of addresses but one",
      [
        {
          ...put,
          Condition: {
            IpAddress: { "aws:SourceIp": "192.0.2.0/24" },
            NotIpAddress: { "aws:SourceIp": "192.0.2.188/32" },
          },
        },
      ],
    ],
    [
      "to a CloudFront distribution",
      [
        {
          ...put,
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: {
            StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6" },
          },
        },
      ],
    ],
    [
      "to a CloudFront origin access identity",
      [
        {
          ...put,
          Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
        },
      ],
    ],
    [
      "that refuses whatever comes without TLS",
      [{ ...put, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
    ],
  ] as [string, Statement[]][]) {
    it(`is not public: ${title}`, () => {
      expect(evaluate(policy(...statements))).to.deep.equal({ kind: "not-public" });
    });
  }
});

describe("The principals of an Allow", () => {
  for (const principal of [
    "*",
    ["*"],
    { AWS: "*" },
    { AWS: ["*"] },
    { AWS: ["arn:aws:iam::111122223333:root", "*"] },
    { aws: "*" },
    { CanonicalUser: "*" },
    { Service: "*" },
    { AWS: "arn:aws:iam::*:root" },
    { AWS: "arn:aws:iam::111122223333:user/*" },
    { AWS: "arn:aws:iam::11112222333?:root" },
    { AWS: "arn:aws:iam::${aws:PrincipalAccount}:root" },
    { AWS: "" },
    { AWS: " " },
    { AWS: [null] },
    { AWS: [["arn:aws:iam::111122223333:root"]] },
    { AWS: {} },
    { Federated: "*" },
    { Federated: "cognito-identity.amazonaws.com" },
    { Federated: "arn:aws:iam::111122223333:saml-provider/theirs" },
    { Everyone: "111122223333" },
    { Service: "logging.s3.amazonaws.com", Federated: "accounts.google.com" },
  ]) {
    it(`are open: ${JSON.stringify(principal)}`, () => {
      expect(kindOf(allow({ Principal: principal }))).to.equal("public");
    });
  }

  for (const principal of [
    "arn:aws:iam::111122223333:root",
    ["111122223333"],
    { AWS: "111122223333" },
    { AWS: 111122223333 },
    { AWS: ["arn:aws:iam::111122223333:root", "arn:aws-cn:iam::444455556666:user/reader"] },
    { AWS: "arn:aws:sts::111122223333:assumed-role/reader/session" },
    { AWS: "AIDACKCEVSQ6C2EXAMPLE" },
    { CANONICALUSER: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
    { Service: ["cloudtrail.amazonaws.com", "config.amazonaws.com"], AWS: "111122223333" },
    { AWS: "111122223333", Federated: null },
    { AWS: "111122223333", Federated: undefined },
  ]) {
    it(`are fixed: ${JSON.stringify(principal)}`, () => {
      expect(evaluate(policy(allow({ Principal: principal })))).to.deep.equal({ kind: "not-public" });
    });
  }

  it("are everyone else with NotPrincipal, whatever it names and whatever the conditions", () => {
    const pinned = { StringEquals: { "aws:PrincipalOrgID": "o-aa111bb222" } };
    const reason = "lets everyone in but those in NotPrincipal";
    for (const statement of [
      { Effect: "Allow", NotPrincipal: { AWS: "111122223333" } },
      { Effect: "Allow", NotPrincipal: { AWS: "111122223333" }, Condition: pinned },
      { Effect: "Allow", NotPrincipal: UNKNOWN },
      { Effect: "Allow", NotPrincipal: [], Principal: { AWS: "111122223333" } },
    ]) {
      expect(evaluate(policy(statement))).to.deep.equal({
        kind: "public",
        statements: [{ index: 0, reason }],
      });
    }
    expect(kindOf({ Effect: "Deny", NotPrincipal: { AWS: "111122223333" } })).to.equal("not-public");
    expect(kindOf(allow({ NotPrincipal: null }))).to.equal("not-public");
  });

  it("don't matter where a condition pins the statement", () => {
    const condition = { StringEquals: { "aws:SourceVpc": "vpc-91237329" } };
    expect(kindOf(allow({ Principal: { Federated: "accounts.google.com" }, Condition: condition }))).to.equal(
      "not-public",
    );
  });
});

describe("A condition on everyone", () => {
  const fixed = "arn:aws:s3:us-west-2:111122223333:accesspoint/the-point";
  const KEYS = [
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:userid",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
  ];
  const OPERATORS = ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"];

  for (const key of KEYS) {
    it(`pins it by ${key}, in any case, with one value or several`, () => {
      for (const name of [key, key.toLowerCase(), key.toUpperCase()]) {
        for (const value of [fixed, [fixed], [fixed, "other"]]) {
          expect(under("StringEquals", name, value), name).to.equal("not-public");
        }
      }
    });

    it(`doesn't pin it by ${key} where a value isn't fixed`, () => {
      for (const open of [
        "*",
        "?",
        "a*",
        "a?c",
        "${aws:PrincipalAccount}",
        "a${*}",
        "",
        "  ",
        null,
        [],
        {},
      ]) {
        expect(under("StringEquals", key, open), JSON.stringify(open)).to.equal("public");
        expect(under("StringLike", key, [fixed, open]), JSON.stringify(open)).to.equal("public");
      }
    });
  }

  for (const operator of OPERATORS) {
    it(`pins it under ${operator}, in any case, and under ForAnyValue`, () => {
      for (const spelling of [operator, operator.toLowerCase(), operator.toUpperCase()]) {
        expect(under(spelling, "aws:SourceVpc", "vpc-1")).to.equal("not-public");
        expect(under(`ForAnyValue:${spelling}`, "aws:SourceVpc", "vpc-1")).to.equal("not-public");
      }
    });

    it(`doesn't pin it under ${operator}IfExists or ForAllValues:${operator}, which no value passes too`, () => {
      for (const spelling of [
        `${operator}IfExists`,
        `ForAllValues:${operator}`,
        `ForAnyValue:${operator}IfExists`,
        `ForAnyValue:ForAnyValue:${operator}`,
        `${operator.slice(0, 3)}ForAnyValue:${operator.slice(3)}`,
        ` ${operator}`,
      ]) {
        expect(under(spelling, "aws:SourceVpc", "vpc-1"), spelling).to.equal("public");
      }
    });
  }

  for (const operator of [
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
    "ArnNotEquals",
    "ArnNotLike",
    "NotIpAddress",
    "IpAddress",
    "Null",
    "Bool",
    "BinaryEquals",
    "NumericEquals",
    "DateEquals",
    "StringContains",
  ]) {
    it(`doesn't pin it by a VPC under ${operator}`, () => {
      expect(under(operator, "aws:SourceVpc", "vpc-1")).to.equal("public");
    });
  }

  for (const key of [
    "aws:SecureTransport",
    "aws:Referer",
    "aws:UserAgent",
    "aws:username",
    "aws:PrincipalType",
    "aws:PrincipalTag/team",
    "aws:PrincipalIsAWSService",
    "aws:SourceOrgID",
    "aws:VpcSourceIp",
    "aws:SourceIp",
    "s3:prefix",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "constructor",
    "__proto__",
    "",
  ]) {
    it(`doesn't pin it by ${key === "" ? "a key without a name" : key}`, () => {
      expect(under("StringEquals", key, "vpc-1")).to.equal("public");
    });
  }

  it("reads numbers and booleans as text", () => {
    expect(under("StringEquals", "aws:SourceAccount", 111122223333)).to.equal("not-public");
    expect(under("StringEquals", "aws:SourceAccount", [true, "111122223333"])).to.equal("not-public");
  });

  it("is one of several that are ANDed, so one that pins is enough", () => {
    const loose = { StringLike: { "aws:SourceVpc": "*" }, Bool: { "aws:SecureTransport": true } };
    expect(kindOf(toAnyone(loose))).to.equal("public");
    expect(
      kindOf(toAnyone({ ...loose, ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/r" } })),
    ).to.equal("not-public");
    expect(kindOf(toAnyone({ StringEquals: { "s3:prefix": "*", "aws:SourceVpce": "vpce-1" } }))).to.equal(
      "not-public",
    );
  });

  it("doesn't pin it where it isn't a condition", () => {
    for (const condition of [
      {},
      [],
      "StringEquals",
      1,
      true,
      { StringEquals: [] },
      { StringEquals: "vpc-1" },
    ]) {
      expect(kindOf(toAnyone(condition)), JSON.stringify(condition)).to.equal("public");
    }
  });

  for (const [range, kind] of Object.entries({
    "203.0.113.7": "not-public",
    "203.0.113.7/32": "not-public",
    "192.0.2.0/24": "not-public",
    "198.0.0.0/8": "not-public",
    "10.0.0.0/8": "not-public",
    "172.16.0.0/12": "not-public",
    "192.168.0.0/16": "not-public",
    "198.0.0.0/7": "public",
    "0.0.0.0/0": "public",
    "203.0.113.7/33": "public",
    "203.0.113.7/": "public",
    "203.0.113.7/+8": "public",
    "203.0.113.7/1e1": "public",
    "203.0.113.7/24/32": "public",
    "203.0.113/24": "public",
    "203.0.113.*": "public",
    "256.0.113.7/32": "public",
    "the office": "public",
    "": "public",
    "/8": "public",
    "2001:db8::": "not-public",
    "2001:DB8:1234:5678::/64": "not-public",
    "2001:db8::1/128": "not-public",
    "2001:db8::/32": "not-public",
    "2001:db8::/31": "public",
    "2001:db8::/129": "public",
    "fd00::/8": "public",
    "::/0": "public",
    "::ffff:0:0/96": "public",
    "0:0:0:0:0:ffff::/96": "public",
    "::ffff:203.0.113.7": "not-public",
    "fe80::1%eth0": "public",
    "fe80::1%eth0/64": "public",
  })) {
    it(`${kind === "public" ? "doesn't pin" : "pins"} it by the addresses ${range === "" ? "(none)" : range}`, () => {
      expect(under("IpAddress", "aws:SourceIp", range)).to.equal(kind);
      expect(under("ipaddress", "AWS:sourceip", ["192.0.2.0/24", range])).to.equal(kind);
      expect(under("IpAddressIfExists", "aws:SourceIp", range)).to.equal("public");
    });
  }

  for (const [user, kind] of Object.entries({
    AIDACKCEVSQ6C2EXAMPLE: "not-public",
    "111122223333": "not-public",
    "111122223333:the-federated-user": "not-public",
    AROACKCEVSQ6C2EXAMPLE: "not-public",
    "AROACKCEVSQ6C2EXAMPLE:*": "public",
    "AROACKCEVSQ6C2EXAMPLE:the-session": "public",
    "aroackcevsq6c2example:the-session": "public",
    "AROLEID:the-session": "public",
    "111122223333:AROLEID:the-user": "not-public",
    "AIDA*": "public",
  })) {
    it(`${kind === "public" ? "doesn't pin" : "pins"} it by the user ID ${user}`, () => {
      expect(under("StringLike", "aws:userid", user)).to.equal(kind);
    });
  }

  for (const [arn, kind] of Object.entries({
    "arn:aws:s3:us-west-2:111122223333:accesspoint/*": "not-public",
    "arn:aws:s3:us-west-2:111122223333:accesspoint/team-?-*": "not-public",
    "arn:aws-us-gov:s3:us-gov-west-1:111122223333:accesspoint/*": "not-public",
    "arn:aws:s3::111122223333:accesspoint/*": "not-public",
    "arn:aws:s3:us-west-2:*:accesspoint/the-point": "public",
    "arn:aws:s3:us-west-2:11112222333?:accesspoint/*": "public",
    "arn:aws:s3:us-west-2:${aws:PrincipalAccount}:accesspoint/*": "public",
    "arn:aws:s3:*:111122223333:accesspoint/*": "public",
    "arn:aws:s3:us-west-2:111122223333:*": "public",
    "arn:aws:s3:us-west-2:1111222233334:accesspoint/*": "public",
    "arn:aws:s3:us-west-2:111122223333:accesspoint/${aws:username}": "public",
    "arn:*:s3:us-west-2:111122223333:accesspoint/*": "public",
    "x arn:aws:s3:us-west-2:111122223333:accesspoint/*": "public",
    "*": "public",
  })) {
    it(`${kind === "public" ? "doesn't pin" : "pins"} a bucket's policy by ${arn}`, () => {
      expect(under("ArnLike", "s3:DataAccessPointArn", arn)).to.equal(kind);
    });

    it(`doesn't pin an access point's policy by ${arn}`, () => {
      const document = policy(toAnyone({ ArnLike: { "s3:DataAccessPointArn": arn } }));
      expect(evaluate(document, "access point").kind).to.equal("public");
    });
  }

  it("pins an access point's policy by the ARN of one access point", () => {
    const document = policy(toAnyone({ ArnLike: { "s3:DataAccessPointArn": fixed } }));
    expect(evaluate(document, "access point")).to.deep.equal({ kind: "not-public" });
  });
});

describe("A public policy's verdict", () => {
  const reasonOf = (condition: unknown): string | undefined => {
    const verdict = evaluate(policy(toAnyone(condition)));
    return verdict.kind === "public" ? verdict.statements[0]?.reason : verdict.kind;
  };

  it("lists every statement that is public, by its place, its Sid, and what is wrong with it", () => {
    const document = policy(
      { ...toAnyone(), Sid: "Site" },
      allow({ Sid: "Reader" }),
      allow({ Principal: "arn:aws:iam::*:root" }),
      { ...toAnyone({ StringLike: { "aws:SourceVpc": "vpc-*" } }), sid: "Vpc" },
      { ...allow({ Principal: { Federated: ["accounts.google.com", "x"] } }), Sid: "" },
      { ...allow({ Principal: { Federated: "accounts.google.com", AWS: "*" } }), Sid: 7 },
    );
    expect(evaluate(document)).to.deep.equal({
      kind: "public",
      statements: [
        { index: 0, sid: "Site", reason: "lets everyone in, with no condition" },
        { index: 2, reason: "lets in principals that aren't fixed, with no condition" },
        {
          index: 3,
          sid: "Vpc",
          reason:
            "lets everyone in, and no condition pins that to fixed values: " +
            "StringLike aws:SourceVpc has a value that isn't fixed",
        },
        { index: 4, reason: "lets in Federated principals, with no condition" },
        { index: 5, reason: "lets everyone in, with no condition" },
      ],
    });
  });

  it("says of each condition what it lacks", () => {
    const intro = "lets everyone in, and no condition pins that to fixed values: ";
    for (const [condition, lack] of [
      [
        { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
        "IpAddress aws:SourceIp has a value that is wider than /8 (IPv4) or /32 (IPv6), or no range",
      ],
      [
        { StringLike: { "aws:userid": "AROAX:*" } },
        "StringLike aws:userid has a value that isn't fixed, or is a session of a role",
      ],
      [{ StringEquals: { "aws:SourceIp": "192.0.2.1" } }, "StringEquals aws:SourceIp pins nothing"],
      [{ StringEquals: { "s3:prefix": "a" } }, "StringEquals s3:prefix pins nothing"],
      [{ StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }, "StringEqualsIfExists pins nothing"],
      [
        { ArnLike: { "s3:DataAccessPointArn": "*" } },
        "ArnLike s3:DataAccessPointArn has a value that isn't fixed",
      ],
      [{ StringEquals: "vpc-1" }, "StringEquals has no keys"],
    ] as const) {
      expect(reasonOf(condition)).to.equal(intro + lack);
    }
  });

  it("names three conditions at most", () => {
    const keys = (count: number): unknown => ({
      Bool: {},
      StringEquals: Object.fromEntries(Array.from({ length: count - 1 }, (_, at) => [`s3:${at}`, "x"])),
    });
    const three = "Bool pins nothing; StringEquals s3:0 pins nothing; StringEquals s3:1 pins nothing";
    const intro = "lets everyone in, and no condition pins that to fixed values: ";
    expect(reasonOf(keys(3))).to.equal(intro + three);
    expect(reasonOf(keys(5))).to.equal(`${intro}${three}; and 2 more`);
  });

  it("shows names on one line, shortened, without control sequences, and no values at all", () => {
    const document = policy({
      ...toAnyone({ ["é\u001b[31m\n" + "x".repeat(100)]: { secret: "hush" } }),
      Sid: "y".repeat(65),
    });
    expect(evaluate(document)).to.deep.equal({
      kind: "public",
      statements: [
        {
          index: 0,
          sid: `${"y".repeat(64)}...`,
          reason: `lets everyone in, and no condition pins that to fixed values: ??[31m?${"x".repeat(57)}... pins nothing`,
        },
      ],
    });
    expect(evaluate(policy({ ...toAnyone(), Sid: "z".repeat(64) }))).to.deep.equal({
      kind: "public",
      statements: [{ index: 0, sid: "z".repeat(64), reason: "lets everyone in, with no condition" }],
    });
  });
});

describe("A policy that isn't known", () => {
  const unknown = (reason: string): Verdict => ({ kind: "unknown", reason });
  const open: Verdict = {
    kind: "public",
    statements: [{ index: 1, reason: "lets everyone in, with no condition" }],
  };

  for (const [title, document, reason] of [
    ["as a whole", UNKNOWN, "the policy is not known yet"],
    ["in its statements", { Statement: UNKNOWN }, "the policy is not known yet"],
    ["in one statement", policy(allow(), UNKNOWN), "Statement[1] is not known yet"],
    [
      "in an effect",
      policy({ ...toAnyone(), Effect: UNKNOWN, Sid: "S" }),
      "Statement[0] (S) has an Effect that is not known yet",
    ],
    [
      "in an effect, under a condition that isn't either",
      policy({ ...toAnyone(UNKNOWN), Effect: UNKNOWN }),
      "Statement[0] has an Effect that is not known yet",
    ],
    [
      "in an effect, whose statement is unreadable as an Allow",
      policy({ Effect: UNKNOWN }),
      "Statement[0] has an Effect that is not known yet",
    ],
    [
      "in a principal",
      policy(allow({ Principal: UNKNOWN })),
      "Statement[0] has a Principal that is not known yet",
    ],
    [
      "in a principal's ARN",
      policy(allow({ Principal: { AWS: ["111122223333", UNKNOWN] } })),
      "Statement[0] has a Principal that is not known yet",
    ],
    [
      "in a principal, under a condition that doesn't pin",
      policy(
        allow({ Principal: { Service: UNKNOWN }, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ),
      "Statement[0] has a Principal that is not known yet",
    ],
    [
      "in the conditions",
      policy(toAnyone(UNKNOWN)),
      "Statement[0] lets everyone in, under a condition (Condition) that is not known yet",
    ],
    [
      "in an operator",
      policy(toAnyone({ StringEquals: UNKNOWN })),
      "Statement[0] lets everyone in, under a condition (StringEquals) that is not known yet",
    ],
    [
      "in a value",
      policy(toAnyone({ StringEquals: { "aws:SourceVpc": UNKNOWN } })),
      "Statement[0] lets everyone in, under a condition (StringEquals aws:SourceVpc) that is not known yet",
    ],
    [
      "in one of several values",
      policy(toAnyone({ IpAddress: { "aws:SourceIp": ["192.0.2.1", UNKNOWN] } })),
      "Statement[0] lets everyone in, under a condition (IpAddress aws:SourceIp) that is not known yet",
    ],
  ] as [string, unknown, string][]) {
    it(`can't be evaluated: unknown ${title}`, () => {
      expect(evaluate(document)).to.deep.equal(unknown(reason));
    });
  }

  for (const [title, statement] of [
    ["in an action", allow({ Action: UNKNOWN })],
    ["in a resource", allow({ Resource: [UNKNOWN] })],
    ["in a Deny", { Effect: "Deny", Principal: UNKNOWN, Condition: UNKNOWN }],
    [
      "in a principal that a condition pins",
      allow({ Principal: UNKNOWN, Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }),
    ],
    ["in an effect, with fixed principals", allow({ Effect: UNKNOWN })],
    ["in the conditions on fixed principals", allow({ Condition: UNKNOWN })],
    [
      "in one condition, beside one that pins",
      toAnyone({ StringLike: { "aws:SourceVpc": UNKNOWN, "aws:SourceVpce": "vpce-1" } }),
    ],
  ] as [string, Statement][]) {
    it(`is not public all the same: unknown ${title}`, () => {
      expect(evaluate(policy(statement))).to.deep.equal({ kind: "not-public" });
    });
  }

  for (const [title, first, second] of [
    ["in another statement", UNKNOWN, toAnyone()],
    ["in another statement's principal", allow({ Principal: UNKNOWN }), toAnyone()],
    ["in an action", allow(), { ...toAnyone(), Action: UNKNOWN }],
    ["in a principal beside the star", allow(), { ...allow(), Principal: { AWS: [UNKNOWN, "*"] } }],
  ] as [string, unknown, Statement][]) {
    it(`is public all the same: unknown ${title}`, () => {
      expect(evaluate(policy(first, second))).to.deep.equal(open);
    });
  }

  for (const [title, condition] of [
    ["a value beside one that isn't fixed", { StringLike: { "aws:SourceVpc": [UNKNOWN, "vpc-*"] } }],
    ["the value of a key that doesn't pin", { StringEquals: { "s3:prefix": UNKNOWN } }],
    ["what an operator that doesn't pin compares", { StringNotEquals: UNKNOWN }],
  ] as [string, unknown][]) {
    it(`is public all the same: unknown is ${title}`, () => {
      expect(kindOf(toAnyone(condition))).to.equal("public");
    });
  }

  it("is public all the same: unknown are federated identities", () => {
    expect(kindOf(allow({ Principal: { Federated: UNKNOWN } }))).to.equal("public");
  });
});

describe("A policy that can't be read", () => {
  for (const [title, document, reason] of [
    ["text that isn't JSON", "{'Statement': []}", "the policy is not JSON"],
    ["JSON with something behind it", "{} {}", "the policy is not JSON"],
    ["nothing", null, "the policy is not a JSON object"],
    ["not given", undefined, "the policy is not a JSON object"],
    ["a number", 5, "the policy is not a JSON object"],
    ["a list", [toAnyone()], "the policy is not a JSON object"],
    ["the text of a list", "[]", "the policy is not a JSON object"],
    [
      "JSON inside JSON",
      JSON.stringify(JSON.stringify(policy(toAnyone()))),
      "the policy is not a JSON object",
    ],
    ["without statements", { Version: "2012-10-17" }, "the policy has no Statement"],
    ["with null for statements", { Version: "2012-10-17", Statement: null }, "the policy has no Statement"],
    [
      "with inherited statements",
      Object.assign(Object.create({ Statement: toAnyone() }) as object, { Id: "x" }),
      "the policy has no Statement",
    ],
    ["with a text for a statement", policy(allow(), "Allow"), "Statement[1] is not a JSON object"],
    ["with a list for a statement", policy([toAnyone()]), "Statement[0] is not a JSON object"],
    ["with null for a statement", policy(null), "Statement[0] is not a JSON object"],
    ["without an effect", policy({ Sid: "S", Principal: "*" }), "Statement[0] (S) has no Effect"],
    [
      "with another effect",
      policy({ Effect: "Permit", Principal: "*" }),
      "Statement[0] has an Effect that is neither Allow nor Deny",
    ],
    [
      "with a list of effects",
      policy({ Effect: ["Deny"], Principal: "*" }),
      "Statement[0] has an Effect that is neither Allow nor Deny",
    ],
    ["without a principal", policy({ Effect: "Allow" }), "Statement[0] has no Principal"],
    [
      "with nobody for principals",
      policy(allow({ Principal: { AWS: [] } })),
      "Statement[0] has a Principal that names nobody",
    ],
    [
      "with no types of principals",
      policy(allow({ Principal: {} })),
      "Statement[0] has a Principal that names nobody",
    ],
    [
      "with two spellings of an element",
      policy({ ...allow(), effect: "Deny" }),
      "Statement[0] gives effect twice",
    ],
    [
      "with two spellings of Statement",
      { Statement: [], STATEMENT: toAnyone() },
      "the policy gives STATEMENT twice",
    ],
    [
      "with two spellings of an operator",
      policy(toAnyone({ StringEquals: { "aws:SourceVpc": "vpc-1" }, stringEquals: {} })),
      "Statement[0] gives stringEquals twice",
    ],
    [
      "with two spellings of a key",
      policy(toAnyone({ StringLike: { "aws:SourceVpc": "vpc-1", "aws:sourcevpc": "*" } })),
      "Statement[0] gives aws:sourcevpc twice",
    ],
    [
      "with an element given twice",
      '{"Statement":{"Effect":"Allow","Principal":"*","Principal":{"AWS":"1"}}}',
      "the policy gives Principal twice",
    ],
    [
      "with an element given twice, once escaped",
      '{"Statement":[], "State\\u006dent" : []}',
      "the policy gives Statement twice",
    ],
  ] as [string, unknown, string][]) {
    it(`says so: ${title}`, () => {
      expect(evaluate(document)).to.deep.equal({ kind: "unreadable", reason });
    });
  }

  it("comes after one that is public and before one that isn't known", () => {
    expect(kindOf("Allow", toAnyone())).to.equal("public");
    expect(kindOf(UNKNOWN, allow(), "Allow")).to.equal("unreadable");
    expect(kindOf(allow(), "Allow")).to.equal("unreadable");
  });
});

describe("A policy as programs write it", () => {
  it("is not public where there is nothing in it", () => {
    for (const document of ["", " \n", "{}", {}, { Statement: [] }, '{"Version":null}']) {
      expect(evaluate(document), JSON.stringify(document)).to.deep.equal({ kind: "not-public" });
    }
  });

  it("may have one statement without a list, and its elements in any case", () => {
    const statement = {
      EFFECT: "ALLOW",
      principal: "*",
      condition: { STRINGEQUALS: { "AWS:SOURCEVPC": "vpc-1" } },
    };
    expect(evaluate({ statement })).to.deep.equal({ kind: "not-public" });
    expect(evaluate({ statement: { ...statement, condition: null } })).to.deep.equal({
      kind: "public",
      statements: [{ index: 0, reason: "lets everyone in, with no condition" }],
    });
    expect(evaluate({ statement: { effect: "deny", principal: "*" } })).to.deep.equal({ kind: "not-public" });
  });

  it("may be text in which the same keys come again in other objects and as values", () => {
    const text = String.raw`
      { "Id" : "Statement", "Statement" : [ { "Effect":"Allow", "Sid" : "Effect", "Principal":{"AWS":["AWS","AWS"]},
        "Action":["s3:Get*","s3:Put*"], "Resource":"\\" , "Note": "\"\"Effect\":{[" },
        { "Sid":"", "Effect":"Deny","Principal" : "*", "Resource":"]}", "A":[], "B":{"C":1}, "C":[{"A":1},{"A":1}]}] }`;
    expect(evaluate(text)).to.deep.equal({ kind: "not-public" });
    expect(evaluate(text.replace('"Sid":""', '"Sid":"", "Resource"\t:\r\n"x"'))).to.deep.equal({
      kind: "unreadable",
      reason: "the policy gives Resource twice",
    });
  });

  it("changes nothing outside, whatever its keys", () => {
    const text = `{"__proto__":{"Effect":"Deny"},"Statement":[{"__proto__":{"Effect":"Deny"},"constructor":1,"Principal":"*"}]}`;
    expect(evaluate(text)).to.deep.equal({ kind: "unreadable", reason: "Statement[0] has no Effect" });
    expect(Object.hasOwn(Object.prototype, "Effect")).to.equal(false);
  });

  it("may be nested very deep, and be very long", () => {
    const deep = `${'{"Statement":['.repeat(50_000)}${"]}".repeat(50_000)}`;
    expect(evaluate(deep).kind).to.equal("unreadable");
    const long = "*".repeat(5_000_000);
    expect(kindOf({ ...toAnyone({ StringLike: { "aws:SourceVpc": long } }), Sid: long })).to.equal("public");
    const text = JSON.stringify(
      policy(toAnyone({ StringEquals: { "aws:SourceArn": '\\"'.repeat(1_000_000) } })),
    );
    expect(evaluate(text)).to.deep.equal({ kind: "not-public" });
    const many = policy(...Array.from({ length: 20_000 }, () => allow()), toAnyone());
    expect(evaluate(many)).to.deep.equal({
      kind: "public",
      statements: [{ index: 20_000, reason: "lets everyone in, with no condition" }],
    });
  });
});

describe("The verdict on a policy that is a secret", () => {
  const secret = "the policy is a secret, so nothing in it is quoted";
  const quiet = (document: unknown): Verdict => withoutQuotes(evaluate(document));

  it("has the numbers of the statements that are public, and nothing that is in them", () => {
    const federated = allow({ Sid: "Hidden", Principal: { Hidden: "x" } });
    expect(quiet(policy(federated, allow(), toAnyone({ Hidden: { Hidden: "x" } })))).to.deep.equal({
      kind: "public",
      statements: [0, 2].map((index) => ({ index, reason: `is public; ${secret}` })),
    });
  });

  it("has the statement that can't be read, or the policy", () => {
    expect(quiet(policy(allow(), allow({ Sid: "Statement[7]", Hidden: 1, HIDDEN: 2 })))).to.deep.equal({
      kind: "unreadable",
      reason: `Statement[1] is not valid; ${secret}`,
    });
    expect(quiet('{"Hidden": 1, "Hidden": 2}')).to.deep.equal({
      kind: "unreadable",
      reason: `it is not valid; ${secret}`,
    });
  });

  it("has the statement that isn't known, or the policy, which quotes nothing", () => {
    expect(quiet(policy(allow({ Sid: "Hidden", Effect: UNKNOWN, Principal: "*" })))).to.deep.equal({
      kind: "unknown",
      reason: `Statement[0] has a part that is not known yet; ${secret}`,
    });
    expect(quiet(UNKNOWN)).to.deep.equal({ kind: "unknown", reason: "the policy is not known yet" });
  });

  it("is the same where it is not public", () => {
    expect(quiet(policy(allow()))).to.deep.equal({ kind: "not-public" });
  });
});
