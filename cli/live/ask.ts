import { eachOf } from "../each-of";
import { regions } from "./aws.json";
import { type Answer, isLocked, isNotKnown, type Known, leftOff, type Off, type Target } from "./model";
import { type Access, connect, type Session } from "./s3";

/** How many requests are under way at once. */
const AT_ONCE = 32;

/** The region of a partition to ask in where nothing names the bucket's. */
const HOME: Readonly<Record<string, string>> = regions;

export interface Request extends Access {
  readonly targets: readonly Target[];
  /** Whether the buckets of each account that no target has are asked for, too. */
  readonly unmanaged: boolean;
  /** Called after each bucket. */
  readonly progress: (done: number) => unknown;
}

export type Answers = Awaited<ReturnType<typeof ask>>;

/** An account's buckets: how many, those that no target is, and why they can't be listed. */
export interface Account {
  readonly account: string;
  readonly total: number;
  readonly unmanaged: readonly Target[];
  readonly problem?: string;
}

/**
 * Asks S3 for each bucket once, however many stacks have it; the account's block once per account and region. The accounts that
 * were reached are in the answer if they were asked for what no stack has.
 */
export async function ask(request: Request) {
  const { targets, unmanaged, progress, endpoint } = request;
  const open = connect(request);
  const sessions = new Map<string, Promise<Known<Session>>>();
  const accountBlocks = new Map<string, Promise<Known<Off>>>();
  const reached = new Map<string, Session>();

  const answerOf = async (target: Target): Promise<Known<Answer>> => {
    const place = placeOf(target, endpoint);
    if (isNotKnown(place)) return place;
    const { partition, region } = place;
    // A partition has credentials of its own, which are good for all of its regions.
    const home = HOME[partition] ?? region;
    const session = await once(sessions, [home, target.account], () => open(partition, home, target.account));
    if (isNotKnown(session)) return session;
    const { account } = session;
    reached.set(`${partition} ${account}`, session);
    const bucket = await session.block(place);
    if (isNotKnown(bucket)) return bucket;
    const isPolicyPublic = await session.isPolicyPublic(place);
    const ofAccount = isLocked(bucket)
      ? bucket
      : await once(accountBlocks, [region, account], () => session.accountBlock(region));
    const isAsked = leftOff(bucket, ofAccount).includes("ignorePublicAcls");
    const isAclPublic = isAsked && (await session.isAclPublic(place));
    return { account, region, bucket, ofAccount, isPolicyPublic, isAclPublic };
  };
  const answers = new Map<string, Known<Answer>>();
  const lookUp = (wanted: readonly Target[]): Promise<unknown> =>
    eachOf([...new Map(wanted.map((each) => [keyOf(each), each])).values()], AT_ONCE, async (target) => {
      answers.set(keyOf(target), await answerOf(target));
      progress(answers.size);
    });
  const accountOf = async ({ account, partition, list }: Session): Promise<Account> => {
    const listed = await list();
    if (isNotKnown(listed)) return { account, total: 0, unmanaged: [], problem: listed.reason };
    const known = new Set(targets.filter((each) => each.partition === partition).map(({ name }) => name));
    const left = listed.filter(({ name }) => !known.has(name)).map((each): Target => ({ ...each, account, partition }));
    await lookUp(left);
    return { account, total: listed.length, unmanaged: left };
  };
  await lookUp(targets);
  const accounts = unmanaged ? await eachOf([...reached.values()], 1, accountOf) : undefined;
  const unasked = { reason: "it wasn't asked for" };
  return { of: (target: Target): Known<Answer> => answers.get(keyOf(target)) ?? unasked, accounts };
}

/** The earlier answer to the same question, or a new one. */
function once<Fact>(asked: Map<string, Promise<Fact>>, parts: readonly unknown[], question: () => Promise<Fact>) {
  const answer = asked.get(JSON.stringify(parts)) ?? question();
  asked.set(JSON.stringify(parts), answer);
  return answer;
}

/** The place to ask. Credentials go to another S3 than AWS's only where the command line names it. */
function placeOf({ name, partition, region }: Target, endpoint: string | undefined) {
  if (name === undefined) return { reason: "the state doesn't have the bucket's name" };
  if (partition === undefined)
    return { reason: "the state doesn't say in which region, or at which address, S3 has it" };
  const isElsewhere = partition !== "aws" && !partition.startsWith("aws-");
  const host = URL.canParse(partition) ? new URL(partition).host : "another address";
  if (isElsewhere && endpoint?.replace(/(?<!\/)\/+$/, "").toLowerCase() !== partition)
    return { reason: `its provider has S3 at ${host}: see --endpoint` };
  const at = region ?? HOME[partition] ?? (endpoint && HOME.aws);
  return at === undefined ? { reason: "the state doesn't say in which region it is" } : { name, partition, region: at };
}

const keyOf = ({ name, region, account, partition }: Target): string =>
  JSON.stringify([name, region, account, partition]);
