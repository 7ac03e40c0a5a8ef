import * as sdk from "@aws-sdk/client-s3";
import { expect } from "chai";
import { describeWithPython, say } from "../python/needs-python";
import { s3Client } from "./client";
import { startGateway } from "./gateway";
import type { Gateway } from "./gateway";
import { startMoto } from "./moto";
import type { Moto } from "./moto";

const Bucket = "the-data";
const versioning = new sdk.PutBucketVersioningCommand({
  ...{ Bucket, VersioningConfiguration: { Status: "Enabled" } },
});
const block = new sdk.PutPublicAccessBlockCommand({
  ...{ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
});

describeWithPython("The gateway to the tests' S3", (python) => {
  let moto: Moto;
  let gateway: Gateway;
  let s3: sdk.S3Client;

  before(async function () {
    this.timeout("10m");
    moto = await startMoto(python, say);
    gateway = await startGateway(moto.endpoint);
    s3 = s3Client(gateway.endpoint);
    await s3Client(moto.endpoint).send(new sdk.CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    await gateway.stop();
    await moto.stop();
  });

  /** What came of requests at once: nothing, or the error's name. */
  const outcomes = async (...sent: Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(sent)).map((each) =>
      each.status === "fulfilled" ? "done" : (each.reason as Error).name,
    );

  it("answers 409 to a change of a bucket while another one is under way, as S3 does, and to nothing else", async () => {
    const both = await outcomes(s3.send(block), s3.send(versioning));
    expect(both.sort()).to.deep.equal(["OperationAborted", "done"]);
    expect(await outcomes(s3.send(block))).to.deep.equal(["done"]);
    const objects = ["a", "b"].map((Key) => s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body: "w" })));
    const other = s3.send(new sdk.CreateBucketCommand({ Bucket: "another" }));
    const results = await outcomes(s3.send(versioning), other, ...objects);
    expect(results).to.deep.equal(["done", "done", "done", "done"]);
  });

  it("keeps a list of the changes and refuses the one that a test names", async () => {
    gateway.changes.length = 0;
    const [put, remove] = ["PUT", "DELETE"].map((method) => `${method} ${Bucket}?publicAccessBlock`);
    gateway.before = (change) => (change === remove ? "refuse" : "pass");
    const results = [
      ...(await outcomes(s3.send(new sdk.GetBucketVersioningCommand({ Bucket })))),
      ...(await outcomes(s3.send(block))),
      ...(await outcomes(s3.send(new sdk.DeletePublicAccessBlockCommand({ Bucket })))),
    ];
    expect(results).to.deep.equal(["done", "done", "AccessDenied"]);
    expect(gateway.changes).to.deep.equal([put, remove]);
  });
});
