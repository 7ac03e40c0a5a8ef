/** Audits buckets in moto, of which some have drifted in each way, with the account's block and without: for a test, and for the bench. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { S3 } from "@aws-sdk/client-s3";
import { PutPublicAccessBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { expect } from "chai";
import { eachOf } from "../../../cli/each-of";
import type { LiveBucket } from "../../../cli/report/report";
import type { Python } from "../../harness/python/environment";
import { allow, s3Client } from "../../harness/s3/client";
import { startS3 } from "../../harness/s3/world";
import { block, bucket, exported, provider } from "../audit/states";
import { testdata } from "../../testdata";

interface Kind {
  readonly share: number;
  readonly off?: string;
  readonly isPublic?: true;
  readonly isGone?: true;
  readonly alone?: true;
  readonly without: string;
  readonly with: string;
}
const KINDS = testdata("audit/fleet.yaml") as Kind[];

/** With these, moto takes the audit for its account. */
export const KEYS = { AWS_ACCESS_KEY_ID: "a-tester", AWS_SECRET_ACCESS_KEY: "a-tester" };
const ON = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/**
 * Makes so many buckets and the states of their stacks in the folder, and expects of each audit that it finds them all, and no other.
 * @param audit runs `audit` with these arguments in the folder
 */
export async function fly(
  python: Python,
  { folder, buckets, stacks, delayMs = 0 }: { folder: string; buckets: number; stacks: number; delayMs?: number },
  audit: (args: string, isLocked: boolean) => Promise<unknown>,
) {
  const { moto, gateway, stop } = await startS3(python, delayMs);
  try {
    const all = KINDS.flatMap((kind) => Array.from({ length: Math.round(kind.share * buckets) }, () => kind));
    const client = s3Client(moto.endpoint);
    await eachOf(all, 8, (kind, at) => make(client, `b${at}-1a2b3c4`, kind));
    mkdirSync(join(folder, "states"), { recursive: true });
    for (let stack = 0; stack < stacks; stack += 1) {
      const place = { project: `project${stack}` };
      const resources = all.flatMap(({ alone }, at) =>
        alone || at % stacks !== stack
          ? []
          : [bucket(`b${at}`, {}, place), block(`lock${at}`, `b${at}`, {}, {}, place)],
      );
      writeFileSync(join(folder, `states/${stack}.json`), exported([provider(undefined, place), ...resources]));
    }
    const flown = [];
    for (const isLocked of [false, true]) {
      if (isLocked) await lockAccount(moto.endpoint);
      const before = gateway.requests;
      await audit(`--file states --live --unmanaged --endpoint ${gateway.endpoint} --json live.json`, isLocked);
      const found = bucketsIn(folder).map(
        ({ bucket = "", word, details }) => `${bucket} ${[word, ...details].join(": ")}`,
      );
      const expected = all.map((kind, at) => `b${at}-1a2b3c4 ${kind[isLocked ? "with" : "without"]}`);
      expect(found.sort()).to.deep.equal(expected.sort());
      // How many requests the audit made for each bucket.
      flown.push({ isLocked, requests: (gateway.requests - before) / all.length });
    }
    return flown;
  } finally {
    await stop();
  }
}

/** The buckets of the report that an audit wrote in the folder. */
export function bucketsIn(folder: string): LiveBucket[] {
  const { live } = JSON.parse(readFileSync(join(folder, "live.json"), "utf8")) as { live: { buckets: LiveBucket[] } };
  return live.buckets;
}

async function make(client: S3, Bucket: string, { off, isPublic, isGone }: Kind): Promise<void> {
  if (isGone) return;
  await client.createBucket({ Bucket });
  const PublicAccessBlockConfiguration = { ...ON, RestrictPublicBuckets: off === undefined };
  if (off !== "none") await client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
  if (isPublic) await allow(client, Bucket, "*", "s3:GetObject");
}

/** Turns the account's own block on. */
async function lockAccount(endpoint: string): Promise<void> {
  const { region, credentials } = s3Client(endpoint).config;
  const here = { disableHostPrefix: true, endpointProvider: () => ({ url: new URL(endpoint) }) };
  const request = { AccountId: "123456789012", PublicAccessBlockConfiguration: ON };
  await new S3ControlClient({ region, credentials, ...here }).send(new PutPublicAccessBlockCommand(request));
}
