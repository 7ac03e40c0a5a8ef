import { isMaker, matchOf, type Named } from "./find";
import type { Call, Source } from "./syntax";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/**
 * Whether a call's block would have a name that is taken: by a block of the stack, which has the name of one of the call's
 * buckets with this ending, or by the new block of a bucket of the older type with the same name.
 */
export function takenIn(
  resources: readonly Named[],
): (source: Source, call: Call) => (ending: string) => boolean {
  const named = (type: string): Set<string> =>
    new Set(resources.filter((each) => each.type === type).map(({ name }) => name));
  const blocks = [...named(BLOCK)];
  const [older = new Set<string>(), newer = new Set<string>()] = BUCKETS.map(named);
  const twins = [...older].filter((name) => newer.has(name));
  return (source, call) => {
    const isMade = (name: string): boolean =>
      (older.has(name) || newer.has(name)) &&
      isMaker(matchOf(source, call, { type: BUCKETS[0] ?? "", name }));
    const hasTwin = call.word.endsWith("V2") && twins.some(isMade);
    return (ending) =>
      (hasTwin && ending === "AccessBlock") ||
      blocks.some((name) => name.endsWith(ending) && isMade(name.slice(0, -ending.length)));
  };
}
