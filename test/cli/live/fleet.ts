/** Buckets in moto and the states of their stacks, of which some have drifted in each way: for a test, and for the bench. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { PutPublicAccessBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import type { LiveBucket } from "../../../cli/report/report";
import { eachOf } from "../../../cli/each-of";
import { s3Client } from "../../harness/s3/client";
import { block, bucket, exported, provider } from "../audit/states";

export interface Fleet {
  readonly stacks: number;
  readonly buckets: number;
  /** How many have drifted in each way. */
  readonly drifted: number;
  /** How many are in no stack; a third of them is open. */
  readonly unmanaged: number;
}

/** What keys make moto take the audit for the account itself. */
export const KEYS = { AWS_ACCESS_KEY_ID: "a-tester", AWS_SECRET_ACCESS_KEY: "a-tester" };

const WAYS = ["flag off", "block gone", "policy public", "bucket gone"] as const;
const ON = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const PUBLIC = (name: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${name}/*` }],
  });

/** Makes them, and writes the states into the folder. */
export async function launch(endpoint: string, folder: string, fleet: Fleet): Promise<void> {
  const client = s3Client(endpoint);
  const wayOf = (at: number): string | undefined => WAYS[Math.floor(at / fleet.drifted)];
  const make = async (name: string, way: string | undefined): Promise<void> => {
    if (way === "bucket gone") return;
    await client.send(new s3.CreateBucketCommand({ Bucket: name }));
    const flags = { ...ON, ...(way === "flag off" && { RestrictPublicBuckets: false }) };
    const one = new s3.PutPublicAccessBlockCommand({ Bucket: name, PublicAccessBlockConfiguration: flags });
    if (way !== "block gone") await client.send(one);
    if (way === "policy public")
      await client.send(new s3.PutBucketPolicyCommand({ Bucket: name, Policy: PUBLIC(name) }));
  };
  await eachOf(
    Array.from({ length: fleet.buckets }, (_, at) => at),
    8,
    (at) => make(nameOf(at), wayOf(at)),
  );
  await eachOf(
    Array.from({ length: fleet.unmanaged }, (_, at) => at),
    8,
    (at) => make(`alone-${at}`, at % 3 === 0 ? "block gone" : undefined),
  );
  mkdirSync(folder, { recursive: true });
  for (let stack = 0; stack < fleet.stacks; stack += 1) {
    const place = { project: `project${stack}` };
    const own = Array.from({ length: fleet.buckets }, (_, at) => at).filter((at) => at % fleet.stacks === stack);
    const resources = own.flatMap((at) => [bucket(`b${at}`, {}, place), block(`lock${at}`, `b${at}`, {}, {}, place)]);
    writeFileSync(join(folder, `stack${stack}.json`), exported([provider(undefined, place), ...resources]));
  }
}

const nameOf = (at: number): string => `b${at}-1a2b3c4`;

/** Turns the account's own block on. */
export async function lockAccount(endpoint: string): Promise<void> {
  const url = new URL(endpoint);
  const { region, credentials } = s3Client(endpoint).config;
  const control = new S3ControlClient({
    region,
    credentials,
    disableHostPrefix: true,
    endpointProvider: () => ({ url }),
  });
  const AccountId = "123456789012";
  await control.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration: ON }));
}

/** How many there are of each word, as `drifted: off: …`: of a JSON report, and as it has to be. */
export function found(report: string): Record<string, number> {
  const { live } = JSON.parse(readFileSync(report, "utf8")) as { live: { buckets: LiveBucket[] } };
  return counted(
    live.buckets.map(
      ({ urn, word, details }) => `${urn.startsWith("arn:") ? "alone " : ""}${[word, ...details].join(": ")}`,
    ),
  );
}

export function expected({ buckets, drifted, unmanaged }: Fleet, isAccountLocked: boolean): Record<string, number> {
  const cover = isAccountLocked ? "; the account's block covers it" : "";
  const word = isAccountLocked ? "covered by the account" : "drifted";
  const open = Math.ceil(unmanaged / 3);
  return {
    [`${word}: off: restrictPublicBuckets${cover.replace(";", ":")}`]: drifted,
    [`${word}: no public access block${cover.replace(";", ":")}`]: drifted,
    "drifted: a flag holds its public policy back": drifted,
    "not known: S3 has no bucket of that name (NoSuchBucket 404)": drifted,
    locked: buckets - 4 * drifted,
    [`alone ${isAccountLocked ? word : "open"}: no public access block${cover.replace(";", ":")}`]: open,
    "alone locked": unmanaged - open,
  };
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
