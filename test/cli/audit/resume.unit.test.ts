import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { resumable } from "../../../cli/audit/resume";
import { tempFolder } from "../../temp-folder";
import { auditOf, stackOf, WEBSITE, website } from "./audits";
import { bucket, provider, urnOf, exported } from "./states";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:sealed" };
const TEMPLATE = JSON.stringify({ Resources: { A: { Type: "AWS::S3::Bucket" } } });
const OTHERS = [
  bucket("named", { inputs: { bucket: SECRET }, outputs: { bucket: SECRET } }, WEBSITE),
  {
    ...{ urn: urnOf("t", "aws:cloudformation/stack:Stack", WEBSITE), type: "aws:cloudformation/stack:Stack" },
    ...{ custom: true, inputs: { templateBody: TEMPLATE }, outputs: {} },
  },
  {
    ...{ urn: urnOf("db", "aws:rds/instance:Instance", WEBSITE), type: "aws:rds/instance:Instance", custom: true },
    ...{ inputs: { password: "hunter2" }, outputs: { arn: "arn:aws:rds:eu-west-1:123456789012:db:d", tag: "hunter2" } },
  },
];
const STATES: Record<string, string> = {
  "acme/website/prod": website(),
  "acme/other/prod": stackOf(WEBSITE, ...OTHERS),
  "acme/keys/prod": exported([
    provider({ region: "eu-west-1", secretKey: "hunter2" }, WEBSITE),
    bucket("b", {}, WEBSITE),
  ]),
  "acme/damaged/prod": "{",
};

describe("audit --resume", () => {
  let file: string;
  let read: string[];
  beforeEach(() => {
    file = join(tempFolder("resume"), "audit.part");
    read = [];
  });
  const sources = (updated: Record<string, string | undefined> = {}) =>
    Object.entries(STATES).map(([name, state]) => ({
      ...{ name, updated: name in updated ? updated[name] : "2026-11-01T00:00:00.000Z" },
      read: () => Promise.resolve(read.push(name)).then(() => state),
    }));
  const audited = (asked: unknown, updated?: Record<string, string | undefined>) => {
    read = [];
    return auditOf({}, { change: { sources: resumable(sources(updated), file, asked) } });
  };

  it("finds the same by what was kept, in which there is no secret, and which is the user's alone", async () => {
    const whole = await auditOf(STATES);
    expect(await audited("all")).to.deep.equal(whole);
    expect(await audited("all")).to.deep.equal(whole);
    expect(read).to.deep.equal(["acme/damaged/prod"]);
    expect(readFileSync(file, "utf8"))
      .to.contain("named")
      .and.not.match(/hunter2|sealed|rds:.*password/);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it("reads again what was updated since or is being updated, what was cut off, and all of it for another question", async () => {
    await audited("all");
    await audited("all", { "acme/website/prod": "2026-11-02T00:00:00.000Z", "acme/other/prod": undefined });
    expect(read).to.deep.equal(["acme/website/prod", "acme/other/prod", "acme/damaged/prod"]);
    writeFileSync(file, readFileSync(file, "utf8").slice(0, -40));
    await audited("all", { "acme/website/prod": "2026-11-02T00:00:00.000Z" });
    expect(read).to.include("acme/website/prod").and.not.include("acme/keys/prod");
    await audited("another");
    expect(read).to.have.length(4);
  });

  it("refuses a file that is something else, and leaves it as it is", () => {
    writeFileSync(file, "precious");
    expect(() => resumable(sources(), file, "all")).to.throw("wasn't made by --resume: name another file");
    expect(readFileSync(file, "utf8")).to.equal("precious");
  });
});
