import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run } from "../harness/engine/command";
import { needsEngine } from "../harness/engine/needs-engine";
import { type Cloud, startCloud } from "../harness/cloud/server";
import { newUser, type User } from "../harness/cloud/user";
import { CLI, jobless } from "../cli/gate/gate";
import { addStack } from "../cli/audit/states";
import { sarifRuns } from "../cli/report/read";
import { tempFolder } from "../temp-folder";

const TEAMS: Readonly<Record<string, string | undefined>> = {
  website: "web",
  blog: "web",
  lake: "Data / Lake",
  shop: undefined,
};
const FORMATS = ["html", "csv", "json", "sarif", "ocsf"];

describe("Owners by a stack tag in Pulumi Cloud", () => {
  needsEngine();
  let cloud: Cloud;
  let user: User;
  before(async () => {
    cloud = await startCloud("acme");
    user = await newUser(cloud);
    for (const [project, team] of Object.entries(TEAMS)) addStack(cloud, project, team === undefined ? {} : { team });
    expect((await user.pulumi(["login", cloud.url])).code).to.equal(0);
  });
  after(async () => {
    user.remove();
    await cloud.close();
  });

  it("are in every format, at each finding, for two calls per value", async () => {
    const folder = tempFolder("owners");
    const files = FORMATS.flatMap((format) => [`--${format}`, join(folder, format)]);
    const args = ["audit", "--all", "--organization", "acme", "--owner-tag", "team", ...files];
    const { code, stdout, stderr } = await run(process.execPath, [CLI, ...args], { env: jobless(user.env) });
    expect(code, stdout + stderr).to.equal(1);
    const finding = "acme/website/prod  urn:pulumi:prod::website::aws:s3/bucket:Bucket::site  web";
    expect(stdout)
      .to.contain(`\n  - ${finding}\n`)
      .and.to.match(/\nweb +2 +4 .*\nno owner +1 +2 /);
    const [html = "", csv = "", json = "", sarif, ocsf = ""] = FORMATS.map((each) =>
      readFileSync(join(folder, each), "utf8"),
    );
    expect(html.match(/<td>web<\/td>/g)).to.have.length(4);
    const owners: (readonly [urn: string, owner: string | undefined])[] = [
      ...csv
        .trim()
        .split("\r\n")
        .slice(1)
        .map((row) => [row, row.split(",").at(-1)] as const),
      ...(JSON.parse(json) as Json).findings.map(({ urn, owner }) => [urn, owner] as const),
      ...sarifRuns(sarif)[0].results.map(({ locations: [at], properties }) => {
        return [at.logicalLocations[0].fullyQualifiedName, properties?.owner] as const;
      }),
      ...(JSON.parse(ocsf) as Event[]).map(({ resources: [each] }) => [`${each.namespace}`, each.owner?.name] as const),
    ];
    expect(owners.length).to.be.greaterThan(4 * 8);
    const wrong = owners.filter(
      ([text, owner]) => (owner || undefined) !== TEAMS[/website|blog|lake|shop/.exec(text)?.[0] ?? ""],
    );
    expect(wrong).to.deep.equal([]);
    expect(cloud.log.filter((line) => /^GET \/api\/stacks\/acme\/\w+\/prod 200$/.test(line))).to.have.length(2);
  });
});

interface Json {
  readonly findings: readonly { readonly urn: string; readonly owner?: string }[];
}
interface Event {
  readonly resources: readonly [{ readonly namespace: string; readonly owner?: { readonly name: string } }];
}
