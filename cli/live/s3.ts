import * as s3 from "@aws-sdk/client-s3";
import { GetPublicAccessBlockCommand as GetAccountBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { AssumeRoleCommand, type Credentials, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Known, type Off, offIn } from "./model";
import { reasons } from "./aws.json";

/* The edge to AWS: every call that `audit --live` makes, and nothing else knows the SDK. All of them read. */

/** How AWS is reached, where that isn't by the default credentials at its own address. */
export interface Access {
  readonly profile?: string | undefined;
  /** The ARN of a role; `{account}` in it stands for the account. */
  readonly assumeRole?: string | undefined;
  /** The address of another S3. */
  readonly endpoint?: string | undefined;
}

export interface Place {
  readonly name: string;
  readonly region: string;
}

/** The requests that one set of credentials makes in one account. */
export type Session = ReturnType<typeof session>;

const EVERYONE = /^http:\/\/acs\.amazonaws\.com\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;
const NO_BLOCK: Readonly<Record<string, Off>> = { NoSuchPublicAccessBlockConfiguration: "none" };

/** Opens a session in a partition, by one of its regions. `account` is the bucket's, if the state has it. */
export function connect({ profile, assumeRole, endpoint }: Access) {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const silent = (): void => undefined;
  const common = {
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // A variable or a profile could send the requests elsewhere without a word.
    ignoreConfiguredEndpointUrls: true,
    logger: { debug: silent, info: silent, warn: silent, error: silent, trace: silent },
    retryMode: "adaptive" as const,
    maxAttempts: 6,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000 },
  };
  const identity = async (sts: STSClient) => (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
  return (partition: string, region: string, account: string | undefined): Promise<Known<Session>> =>
    known(async () => {
      const own = new STSClient({ ...common, region });
      const role = assumeRole?.replaceAll("{account}", account ?? (await identity(own)));
      const assume = async () => {
        const request = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "s3-public-access-block" });
        const keys: Partial<Credentials> = (await own.send(request)).Credentials ?? {};
        const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken = "" } = keys;
        return { accessKeyId, secretAccessKey, sessionToken: SessionToken, expiration: keys.Expiration ?? new Date() };
      };
      let held: ReturnType<typeof assume> | undefined;
      // Each client asks for itself, and again before they run out.
      const credentials = async () => {
        if (held === undefined || (await held).expiration.getTime() < Date.now() + 300_000) held = assume();
        return held;
      };
      const config = { ...common, ...(role !== undefined && { credentials }) };
      const actual = await identity(new STSClient({ ...config, region }));
      const at = account ?? (actual || "?");
      return at === actual
        ? session(actual, partition, { ...config, region })
        : { reason: `it is in account ${at}, and the credentials are for ${actual}: see --assume-role` };
    });
}

function session(account: string, partition: string, config: { readonly region: string; readonly endpoint?: string }) {
  const { endpoint } = config;
  const clients = new Map<string, s3.S3Client>();
  const clientIn = (region: string): s3.S3Client => {
    const client = clients.get(region) ?? new s3.S3Client({ ...config, region, followRegionRedirects: true });
    clients.set(region, client);
    return client;
  };
  const of = ({ name }: Place) => ({ Bucket: name, ExpectedBucketOwner: account });
  return {
    ...{ account, partition },
    block: (place: Place) =>
      known<Off>(async () => {
        const answer = await clientIn(place.region).send(new s3.GetPublicAccessBlockCommand(of(place)));
        return offIn({ ...answer.PublicAccessBlockConfiguration });
      }, NO_BLOCK),
    isPolicyPublic: (place: Place) =>
      known(
        async () => {
          const answer = await clientIn(place.region).send(new s3.GetBucketPolicyStatusCommand(of(place)));
          return answer.PolicyStatus?.IsPublic ?? { reason: "S3 didn't say" };
        },
        { NoSuchBucketPolicy: false },
      ),
    isAclPublic: (place: Place) =>
      known(async () => {
        const { Grants = [] } = await clientIn(place.region).send(new s3.GetBucketAclCommand(of(place)));
        return Grants.some(({ Grantee }) => EVERYONE.test(Grantee?.URI ?? ""));
      }),
    accountBlock: (region: string) =>
      known<Off>(async () => {
        // It would put the account's number before the host, where an address can't have one.
        const here = endpoint !== undefined && { endpointProvider: () => ({ url: new URL(endpoint) }) };
        const client = new S3ControlClient({ ...config, ...here, region, disableHostPrefix: endpoint !== undefined });
        const answer = await client.send(new GetAccountBlockCommand({ AccountId: account }));
        return offIn({ ...answer.PublicAccessBlockConfiguration });
      }, NO_BLOCK),
    list: () =>
      known(async () => {
        const found: { name: string; region: string | undefined }[] = [];
        const client = clientIn(config.region);
        for await (const { Buckets = [] } of s3.paginateListBuckets({ client, pageSize: 1000 }, {}))
          found.push(...Buckets.map(({ Name = "", BucketRegion }) => ({ name: Name, region: BucketRegion })));
        return found;
      }),
  };
}

/** The fact, or the reason why it isn't known. Some errors are a fact. Their messages may hold a credential, and are left out. */
async function known<Fact>(
  read: () => Promise<Known<Fact>>,
  facts: Readonly<Record<string, Fact>> = {},
): Promise<Known<Fact>> {
  try {
    return await read();
  } catch (error) {
    const { name, code = "", $metadata = {} } = error as NodeJS.ErrnoException & Partial<s3.S3ServiceException>;
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact !== undefined) return fact;
    const [plain = "an error"] = [name === "Error" ? code : name].filter((each) => /^\w{1,60}$/.test(each));
    const [reason] = Object.entries(reasons).find(([, names]) => names.includes(plain)) ?? [];
    const answer = [plain, $metadata.httpStatusCode].filter((each) => each !== undefined).join(" ");
    return { reason: reason === undefined ? `AWS answered ${answer}` : `${reason} (${answer})` };
  }
}
