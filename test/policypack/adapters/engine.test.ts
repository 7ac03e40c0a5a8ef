import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { EXECUTABLE } from "../../bench/packs";
import { workspace, type DataResource, type Run, type Workspace } from "../../harness/engine";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { ADAPTED } from "../../docs/properties";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";
import { filledIn } from "../cases";
import { CASES, told } from "./templates";

/** Whether all buckets are. */
type Kind = "open" | "closed";
const ROADS = testdata("roads.yaml") as {
  values: Record<Kind, Record<string, unknown>>;
  finds: Record<"aws" | "packages", string[]>;
} & Record<string, unknown>;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const TEXTS = ["templateBody", "desiredState", "policy"];

/** One of the programs in roads.yaml. */
function program(part: "aws" | "blocks" | "packages", kind: Kind): DataResource[] {
  const resources = filledIn(ROADS[part], { ...ROADS.values[kind], unknown: UNKNOWN }) as DataResource[];
  const sent = ([key, value]: [string, unknown]): [string, unknown] =>
    TEXTS.includes(key) && typeof value !== "string" ? [key, JSON.stringify(value)] : [key, value];
  return resources.map(({ props = {}, ...rest }) => {
    return { ...rest, props: Object.fromEntries(Object.entries(props).map(sent)) };
  });
}

/** The policy, the level and the resource of each finding, and what it calls the resource. */
function found({ violations }: Run): string[] {
  return violations
    .map(({ policy, level, urn, message }) => {
      const subject = /'([^' ]+)'/.exec(message)?.[1] ?? "";
      return `${level} ${policy}: ${urn.split("::").slice(3).join("::")}, ${subject}`;
    })
    .sort();
}

/** Notes, which are there whether the buckets are open or closed. */
const isNote = (finding: string): boolean => finding.startsWith("advisory");
const { aws: OPEN, packages: IN_PACKAGES } = ROADS.finds;
const FOLDER = "s3-no-public-folder: files, files";
const EXEMPT = [{ urn: "urn:pulumi:*::roads::synced-folder:index:S3BucketFolder::*", reason: "A site" }];

describe("The roads, as the real engine sees them", function () {
  needsEngine();
  this.timeout(300_000);
  const packs = [ROOT];
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  async function stackOf(program: Parameters<typeof workspace>[0], options = {}): Promise<Workspace> {
    const stack = await workspace(program, options);
    stacks.push(stack);
    return stack;
  }
  const ofAws = (kind: Kind): Promise<Workspace> =>
    stackOf({ name: "roads", resources: program("aws", kind).concat(kind === "open" ? [] : program("blocks", kind)) });
  const withPackages = (kind: Kind): Promise<Workspace> =>
    stackOf({ name: "roads", resources: program("packages", kind) }, { packages: ["site", "aws-native", "acme"] });

  function written(content: unknown): string {
    const file = path.join(tempFolder("roads"), "content.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  function expectFound(run: Run, wanted: readonly string[]): void {
    expect(found(run), run.stdout + run.stderr).to.deep.equal([...wanted].sort());
    expect(run.code).to.equal(wanted.every(isNote) ? 0 : 1);
  }

  it("are each found at the first preview, by the pack in its folder and as an executable, and are all that are listed", async () => {
    const [stack, others] = [await ofAws("open"), await withPackages("open")];
    const [run, inPackages] = [await stack.preview({ packs }), await others.preview({ packs })];
    expectFound(run, OPEN);
    expectFound(await stack.preview({ packs: [EXECUTABLE.path] }), OPEN);
    expectFound(inPackages, [...IN_PACKAGES, `mandatory ${FOLDER}`]);
    const texts = inPackages.violations.map(({ message }) => message.split("\n", 1)[0]);
    expect(texts).to.include(
      "'one' and 2 more have the type acme:s3/bucket:Bucket, which can make an S3 bucket that this pack can't evaluate.",
    );
    expect(texts).to.include("Synced folder 'files' makes 2 objects public, by the canned ACL public-read.");
    const open = [run, inPackages].flatMap(({ violations }) => violations.filter(({ level }) => level === "mandatory"));
    const types = open.map(({ urn }) => urn.split("::")[2]?.split("$").at(-1));
    const listed = ADAPTED.flatMap(({ tokens }) => tokens).map((token) => token.replace("PKG", "site"));
    expect(listed).to.include("aws-native:lightsail:Bucket");
    // Only Pulumi Cloud shows policies a state of Terraform.
    const unseen = listed.filter((token) => !types.includes(token) && !token.startsWith("pulumi:terraform:"));
    expect(unseen).to.deep.equal([]);
    const configs = [written({ "s3-no-public-folder": { exemptions: EXEMPT } })];
    expectFound(await others.preview({ packs, configs }), [...IN_PACKAGES, `advisory ${FOLDER}`]);
  });

  it("pass at the first preview, the update and later previews, when all of them are closed", async () => {
    const stack = await ofAws("closed");
    for (const run of [await stack.preview({ packs }), await stack.up({ packs }), await stack.preview({ packs })])
      expectFound(run, OPEN.filter(isNote));
    expectFound(await (await withPackages("closed")).preview({ packs }), IN_PACKAGES.filter(isNote));
  });

  it(`have the verdicts of templates.yaml on ${CASES.length} templates, in one preview`, async () => {
    const TEMPLATES = written(Object.fromEntries(CASES.map(({ name, body }) => [name, body])));
    const run = await (await stackOf("templates", { env: { TEMPLATES } })).preview({ packs });
    const at = ({ urn }: { urn: string }): string => urn.split("::").at(-1)?.replace(/#.*/, "") ?? "";
    for (const { name, body, finds } of CASES) {
      const found = run.violations.filter((each) => at(each) === name).map(told);
      expect(found.sort(), `${name}: ${body}`).to.deep.equal([...finds].sort());
    }
  });
});
