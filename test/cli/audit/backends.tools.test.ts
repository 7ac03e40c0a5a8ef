import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type Cloud, startCloud } from "../../harness/cloud/server";
import { newUser, type User } from "../../harness/cloud/user";
import { engine } from "../../harness/engine";
import { describeWithPython, say } from "../../harness/python/needs-python";
import { s3Client } from "../../harness/s3/client";
import { startMoto, type Moto } from "../../harness/s3/moto";
import { audit, checkpointOf, deploymentOf, expectEnd, last, stackOf, WEBSITE, website } from "./audits";
import { block, bucket, type Place } from "./states";
import { tempFolder } from "../../temp-folder";

describe("s3-public-access-block audit of Pulumi Cloud", () => {
  let cloud: Cloud;
  let user: User;
  let folder: string;
  before(async () => {
    cloud = await startCloud("acme");
    user = await newUser(cloud);
    folder = tempFolder("audit");
    const login = await user.pulumi(["login", cloud.url]);
    expect(login.code, login.stderr).to.equal(0);
    const add = (org: string, { project = "", stack = "" }: Place, exported: string): void => {
      cloud.stacks.create(org, project, stack, {}).deployment = deploymentOf(exported);
    };
    for (const stack of ["prod", "dev"]) {
      const place = { project: "website", stack };
      add("acme", place, website(place));
    }
    const vault = { project: "vault", stack: "prod" };
    add("acme", vault, withSecret(vault));
    const shop = { project: "shop", stack: "dev" };
    add("other", shop, stackOf(shop, bucket("data", {}, shop)));
  });
  after(async () => {
    user.remove();
    await cloud.close();
  });
  beforeEach(() => {
    cloud.log.length = 0;
  });
  const pages = (): number => cloud.log.filter((line) => line === "GET /api/user/stacks 200").length;

  it("evaluates every stack, page by page, and only reads", async () => {
    expectEnd(await audit(folder, "--all", user.env), 1, "6 findings would block 4 of 4 stacks with 8 buckets.");
    expect([pages(), cloud.log.filter((line) => !line.startsWith("GET "))]).to.deep.equal([2, []]);
  });

  it("evaluates the stacks of one organization, and those that a glob names", async () => {
    const acme = await audit(folder, "--all --organization acme", user.env);
    expectEnd(acme, 1, "5 findings would block 3 of 3 stacks with 7 buckets.");
    const named = await audit(folder, "--stack website/*", user.env);
    expect(last(named)).to.equal("4 findings would block 2 of 2 stacks with 6 buckets.");
  });

  it("takes a flag that is a secret of the service for unknown, and asks for no secret", async () => {
    const outcome = await audit(folder, "--stack vault/prod --json out.json", user.env);
    expectEnd(outcome, 1, "1 finding would block 1 of 1 stack with 1 bucket.");
    const report = readFileSync(join(folder, "out.json"), "utf8");
    expect(outcome.stdout + report)
      .to.include("lock")
      .and.not.include(CIPHERTEXT);
    expect(cloud.log.filter((line) => line.includes("crypt"))).to.deep.equal([]);
  });
});

const CIPHERTEXT = Buffer.from("sealed:true").toString("base64");

/** A bucket whose block has a flag that only the service can decrypt. */
function withSecret(place: Place): string {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const flags = { blockPublicAcls: { ...secret, ciphertext: CIPHERTEXT } };
  return stackOf(place, bucket("data", {}, place), block("lock", "data", flags, {}, place));
}

describeWithPython("s3-public-access-block audit of a backend in S3", (python) => {
  let moto: Moto;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  before(async function () {
    this.timeout("10m");
    moto = await startMoto(python, say);
    folder = tempFolder("audit");
    const { env: base } = await engine();
    const query = `endpoint=${encodeURIComponent(moto.endpoint)}&s3ForcePathStyle=true&region=us-east-1`;
    const keys = {
      AWS_ACCESS_KEY_ID: "a-tester",
      AWS_SECRET_ACCESS_KEY: "a-tester",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    env = { ...base, ...keys, PULUMI_HOME: folder, PULUMI_BACKEND_URL: `s3://states?${query}` };
    const s3 = s3Client(moto.endpoint);
    await s3.send(new CreateBucketCommand({ Bucket: "states" }));
    const objects = {
      ".pulumi/meta.yaml": "version: 1\n",
      ".pulumi/stacks/website/prod.json": checkpointOf(WEBSITE, website()),
    };
    for (const [Key, Body] of Object.entries(objects))
      await s3.send(new PutObjectCommand({ Bucket: "states", Key, Body }));
  });
  after(async () => {
    await moto.stop();
  });

  it("exports and evaluates its stacks", async () => {
    expectEnd(await audit(folder, "--all", env), 1, "2 findings would block 1 of 1 stack with 3 buckets.");
  });
});
