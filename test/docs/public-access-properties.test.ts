import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { policies } from "../../policypack/policies";
import { isAdapted } from "../../policypack/adapters";
import { ADAPTED, DOCUMENT, PROPERTIES } from "./properties";

const PACKAGE = dirname(require.resolve("@pulumi/aws/package.json"));

interface Declared {
  type: string;
  arguments: string[];
}

/** The resource types of a module of @pulumi/aws, as its generated code declares them. */
function declared(module: string): Declared[] {
  const folder = join(PACKAGE, module);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => {
      const type = /__pulumiType = '([^']+)'/.exec(readFileSync(join(folder, file), "utf8"))?.[1];
      if (type === undefined) return [];
      const declarations = readFileSync(join(folder, file.replace(/\.js$/, ".d.ts")), "utf8");
      const body = declarations.split(`export interface ${type.split(":").at(-1) ?? ""}Args {`)[1];
      return [{ type, arguments: names(body ?? "", /^ {4}(\w+)\??: /gm) }];
    });
}

const names = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? "");

/** The rows on @pulumi/aws, with arguments in place of the properties inside of them. */
const ROWS = PROPERTIES.filter(({ types }) => types.every((type) => type.startsWith("aws:"))).map((row) => ({
  ...row,
  arguments: row.properties.map((property) => property.split(/\W/)[0] ?? ""),
}));

const TYPES = [...declared("s3"), ...declared("s3control")];

describe("The list of properties that can make S3 public", () => {
  it("was read from the installed version of @pulumi/aws", () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
    expect(DOCUMENT).to.include(`\`@pulumi/aws\` ${version}`);
  });

  it("has every resource type of aws.s3 and aws.s3control, and no other", () => {
    const named = names(DOCUMENT, /`(aws:s3(?:control)?\/[^`]+)`/g);
    expect([...new Set(named)].sort()).to.deep.equal(TYPES.map(({ type }) => type).sort());
    expect(TYPES.filter((type) => type.arguments.length === 0)).to.deep.equal([]);
  });

  it("has every argument whose name speaks of access", () => {
    const telling = /acl|polic|grant|public|permission|accessControl/i;
    for (const { type, arguments: all } of TYPES) {
      const rows = ROWS.filter(({ types }) => types.includes(type)).flatMap((row) => row.arguments);
      const missing = all.filter((name) => telling.test(name) && !rows.includes(name));
      expect(missing, type).to.deep.equal([]);
    }
  });

  it("gives a policy no argument that isn't there", () => {
    const covered = ROWS.filter(({ policy }) => policy.startsWith("`s3-"));
    expect(covered).to.not.deep.equal([]);
    for (const row of covered) {
      for (const each of TYPES.filter(({ type }) => row.types.includes(type))) {
        expect(each.arguments, each.type).to.include.members(row.arguments);
      }
    }
  });

  it("gives each property a policy or a reason", () => {
    const without = ROWS.filter(({ policy }) => !/^(?:`s3-|None: .)/.test(policy));
    expect(without).to.deep.equal([]);
  });
});

describe("The list of roads", () => {
  it("has tokens that the pack reads, and no others", () => {
    const tokens = ADAPTED.flatMap((row) => row.tokens);
    expect(tokens).to.have.length.above(15);
    const unread = tokens
      .map((token) => token.replace("PKG", "site"))
      .filter((token) => !isAdapted(token) && !policies.some((policy) => policy.reads(token)));
    expect(unread).to.deep.equal([]);
  });

  it("has tokens and properties that the installed @pulumi/aws has", () => {
    const declared = ADAPTED.flatMap(({ tokens, properties }) =>
      tokens
        .filter((token) => /^aws:(?!index)/.test(token))
        .map((token) => ({ token, properties: properties.filter((name) => /^\w+$/.test(name)) })),
    );
    expect(declared.map(({ token }) => token)).to.have.length(4);
    for (const { token, properties } of declared) {
      const module = /^aws:(.*):/.exec(token)?.[1] ?? "";
      expect(readFileSync(join(PACKAGE, `${module}.js`), "utf8")).to.include(`__pulumiType = '${token}'`);
      const types = readFileSync(join(PACKAGE, `${module}.d.ts`), "utf8");
      const missing = properties.filter((name) => !new RegExp(`^ {4}${name}\\??: `, "m").test(types));
      expect(missing, token).to.deep.equal([]);
    }
  });
});
