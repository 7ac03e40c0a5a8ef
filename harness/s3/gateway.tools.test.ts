import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { describeWithPython, say } from "../python/needs-python";
import { s3Client } from "./client";
import { startGateway } from "./gateway";
import type { Gateway } from "./gateway";
import { startMoto } from "./moto";
import type { Moto } from "./moto";

const Bucket = "the-data";
const versioning = new PutBucketVersioningCommand({
  Bucket,
  VersioningConfiguration: { Status: "Enabled" },
});
const block = new PutPublicAccessBlockCommand({
  Bucket,
  PublicAccessBlockConfiguration: { BlockPublicAcls: true },
});

describeWithPython("The gateway to the tests' S3", (python) => {
  let moto: Moto;
  let gateway: Gateway;

  before(async function () {
    this.timeout("10m");
    moto = await startMoto(python, say);
    gateway = await startGateway(moto.endpoint);
    await s3Client(moto.endpoint).send(new CreateBucketCommand({ Bucket }));
  });

  after(async () => {
    await gateway.stop();
    await moto.stop();
  });

  /** What came of each request: nothing, or the error's name. */
  const outcomes = async (...sent: Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(sent)).map((each) =>
      each.status === "fulfilled" ? "done" : (each.reason as Error).name,
    );

  it("answers 409 to a change of a bucket while another one is under way, as S3 does", async () => {
    const s3 = s3Client(gateway.endpoint);
    expect((await outcomes(s3.send(block), s3.send(versioning))).sort()).to.deep.equal([
      "OperationAborted",
      "done",
    ]);
  });

  it("lets through changes of a bucket one after the other, and of objects and two buckets at once", async () => {
    const s3 = s3Client(gateway.endpoint);
    const put = (Key: string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: "weights" }));
    const other = new CreateBucketCommand({ Bucket: "another" });
    const results = [
      ...(await outcomes(s3.send(block))),
      ...(await outcomes(s3.send(versioning), s3.send(other), put("a"), put("b"))),
    ];
    expect(results).to.deep.equal(["done", "done", "done", "done", "done"]);
  });

  it("keeps a list of the changes and refuses the one that it is told to", async () => {
    const s3 = s3Client(gateway.endpoint);
    gateway.changes.length = 0;
    gateway.before = (change) => (change === `DELETE ${Bucket}?publicAccessBlock` ? "refuse" : "pass");
    const results = [
      ...(await outcomes(s3.send(new GetBucketVersioningCommand({ Bucket })))),
      ...(await outcomes(s3.send(block))),
      ...(await outcomes(s3.send(new DeletePublicAccessBlockCommand({ Bucket })))),
    ];
    expect(results).to.deep.equal(["done", "done", "AccessDenied"]);
    expect(gateway.changes).to.deep.equal([
      `PUT ${Bucket}?publicAccessBlock`,
      `DELETE ${Bucket}?publicAccessBlock`,
    ]);
  });
});
