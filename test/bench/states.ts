/** The stacks that the packs are measured with, as states, and their buckets as Terraform for checkov. */
import { UNKNOWN, type Props } from "../../harness/engine/analyzer";
import { block, bucket, provider, urnOf, type Entry, type Place } from "../cli/audit/states";
import { OTHERS } from "./requests";

/** A fifth buckets, a fifth blocks that reference them, the rest other resources. The last bucket has no block. */
export function stateOf(size: number, place: Place = {}): string {
  const resources = Array.from({ length: size }, (_, index) => entryOf(index, size, place));
  return JSON.stringify({
    version: 3,
    deployment: { manifest: {}, resources: [provider(undefined, place), ...resources] },
  });
}

function entryOf(index: number, size: number, place: Place): Entry {
  if (isBucket(index)) return bucket(`bucket${index}`, {}, place);
  if (isBlock(index, size)) return block(`block${index}`, `bucket${index - 1}`, {}, {}, place);
  const [type = "", props = (): Props => ({})] = OTHERS[index % OTHERS.length] ?? [];
  const given = JSON.parse(
    JSON.stringify(props(index), (_, value: unknown) => (value === UNKNOWN ? `known-${index}` : value)),
  ) as object;
  const name = `other${index}`;
  return {
    ...bucket(name, {}, place),
    urn: urnOf(name, type, place),
    type,
    inputs: given,
    outputs: { id: name, ...given },
  };
}

const isBucket = (index: number): boolean => index % 5 === 0;
const isBlock = (index: number, size: number): boolean => index % 5 === 1 && index <= size - 5;

/** The same buckets and blocks, and a queue for each other resource. */
export function terraformOf(size: number): string {
  const flags = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];
  const resource = (type: string, name: string, ...lines: string[]): string =>
    `resource "${type}" "${name}" {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
  return Array.from({ length: size }, (_, index) => {
    if (isBucket(index))
      return resource("aws_s3_bucket", `bucket${index}`, `bucket = "bucket${index}-1a2b3c4"`);
    if (isBlock(index, size)) {
      const target = `bucket = aws_s3_bucket.bucket${index - 1}.id`;
      return resource(
        "aws_s3_bucket_public_access_block",
        `block${index}`,
        target,
        ...flags.map((flag) => `${flag} = true`),
      );
    }
    return resource("aws_sqs_queue", `other${index}`, `name = "other${index}"`);
  }).join("\n");
}
