import * as s3 from "@aws-sdk/client-s3";
import { GetPublicAccessBlockCommand as GetAccountBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Known, type Off, offIn } from "./model";

/*
 * The edge to AWS: every call that `audit --live` makes, and nothing else knows the SDK. All of them read.
 */

/** How AWS is reached, where that isn't by the default credentials at its own address. */
export interface Access {
  readonly profile?: string | undefined;
  /** The ARN of a role; `{account}` in it stands for the account. */
  readonly assumeRole?: string | undefined;
  /** The address of another S3. */
  readonly endpoint?: string | undefined;
}

/** What one set of credentials reads in one account. */
export interface Session {
  readonly account: string;
  readonly block: (place: Place) => Promise<Known<Off>>;
  readonly isPolicyPublic: (place: Place) => Promise<Known<boolean>>;
  readonly isAclPublic: (place: Place) => Promise<Known<boolean>>;
  readonly accountBlock: (region: string) => Promise<Known<Off>>;
  readonly list: (region: string) => Promise<Known<readonly { name: string; region: string | undefined }[]>>;
}

export interface Place {
  readonly name: string;
  readonly region: string;
}

/** Opens the sessions, at most one set of clients per region each. `account` is the bucket's, where the state tells it. */
export type Connect = (access: Access) => (region: string, account: string | undefined) => Promise<Known<Session>>;

const EVERYONE = /^http:\/\/acs\.amazonaws\.com\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

export const connect: Connect = ({ profile, assumeRole, endpoint }) => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const silent = (): void => undefined;
  const common = {
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // A variable or a profile could send the requests elsewhere without a word.
    ignoreConfiguredEndpointUrls: true,
    logger: { debug: silent, info: silent, warn: silent, error: silent, trace: silent },
    retryMode: "adaptive" as const,
    maxAttempts: 6,
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: 20_000,
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
  };
  const identity = async (sts: STSClient): Promise<string> =>
    (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
  return async (region, account) =>
    known(async () => {
      const own = new STSClient({ ...common, region });
      const role = assumeRole?.replaceAll("{account}", () => account ?? "{account}");
      const RoleArn = role?.includes("{account}") === true ? role.replaceAll("{account}", await identity(own)) : role;
      const credentials = async () => {
        const answer = await own.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s3-public-access-block" }));
        const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "", Expiration } = answer.Credentials ?? {};
        const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
        return Expiration === undefined ? keys : { ...keys, expiration: Expiration };
      };
      const config = RoleArn === undefined ? common : { ...common, credentials };
      const actual = await identity(RoleArn === undefined ? own : new STSClient({ ...config, region }));
      if (account !== undefined && account !== actual)
        return { reason: `it is in account ${account}, and the credentials are for ${actual}: see --assume-role` };
      return session(actual, config, endpoint);
    });
};

function session(account: string, config: object, endpoint: string | undefined): Session {
  const clients = new Map<string, s3.S3Client>();
  const clientOf = (region: string): s3.S3Client => {
    const client = clients.get(region) ?? new s3.S3Client({ ...config, region });
    clients.set(region, client);
    return client;
  };
  const of = ({ name }: Place) => ({ Bucket: name, ExpectedBucketOwner: account });
  return {
    account,
    block: (place) =>
      known<Off>(async () => {
        const answer = await clientOf(place.region).send(new s3.GetPublicAccessBlockCommand(of(place)));
        return offIn({ ...answer.PublicAccessBlockConfiguration });
      }, NO_BLOCK),
    isPolicyPublic: (place) =>
      known(
        async () => {
          const answer = await clientOf(place.region).send(new s3.GetBucketPolicyStatusCommand(of(place)));
          return answer.PolicyStatus?.IsPublic ?? { reason: "S3 didn't say" };
        },
        { NoSuchBucketPolicy: false },
      ),
    isAclPublic: (place) =>
      known(async () => {
        const { Grants = [] } = await clientOf(place.region).send(new s3.GetBucketAclCommand(of(place)));
        return Grants.some(({ Grantee }) => EVERYONE.test(Grantee?.URI ?? ""));
      }),
    accountBlock: (region) =>
      known<Off>(async () => {
        // It would put the account's number before the host, where an address can't have one.
        const here = endpoint === undefined ? {} : { endpointProvider: () => ({ url: new URL(endpoint) }) };
        const client = new S3ControlClient({ ...config, ...here, region, disableHostPrefix: endpoint !== undefined });
        const answer = await client.send(new GetAccountBlockCommand({ AccountId: account }));
        return offIn({ ...answer.PublicAccessBlockConfiguration });
      }, NO_BLOCK),
    list: (region) =>
      known(async () => {
        const pages = s3.paginateListBuckets({ client: clientOf(region), pageSize: 1000 }, {});
        const found: { name: string; region: string | undefined }[] = [];
        for await (const { Buckets = [] } of pages)
          found.push(...Buckets.map(({ Name = "", BucketRegion }) => ({ name: Name, region: BucketRegion })));
        return found;
      }),
  };
}

const NO_BLOCK: Readonly<Record<string, Off>> = { NoSuchPublicAccessBlockConfiguration: "none" };

/** The fact, or the reason why it isn't known. Some errors are a fact. Their messages may hold a credential, and are left out. */
async function known<Fact>(read: () => Promise<Known<Fact>>, facts: Readonly<Record<string, Fact>> = {}) {
  try {
    return await read();
  } catch (error) {
    const { name, code = name, $metadata = {}, $response } = error as SdkError;
    if (Object.hasOwn(facts, name)) return facts[name] as Fact;
    const region = $response?.headers?.["x-amz-bucket-region"];
    if (region !== undefined && MOVED.has(name))
      return { reason: `it is in another region than the state says, ${region}`, movedTo: region };
    return { reason: reasonOf(name === "Error" ? code : name, $metadata.httpStatusCode) };
  }
}

interface SdkError {
  readonly name: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}

const MOVED = new Set(["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"]);

const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^(AccessDenied|AccessDeniedException|Forbidden)$/, "access denied, or the bucket is another account's"],
  [/^(NoSuchBucket|NotFound)$/, "S3 has no bucket of that name"],
  [/^(NotImplemented|MethodNotAllowed|XNotImplemented|UnsupportedOperation)$/, "this S3 has no such call"],
  [/^(SlowDown|Thrott.*|TooMany.*|RequestLimitExceeded)$/, "S3 refused so many requests"],
  [/^(CredentialsProviderError|TokenProviderError)$/, "there are no AWS credentials"],
  [
    /^(Expired.*|InvalidAccessKeyId|InvalidClientTokenId|InvalidToken|SignatureDoesNotMatch|UnrecognizedClient.*)$/,
    "AWS doesn't take the credentials, or the region is off for the account",
  ],
  [/^(E[A-Z_]+|TimeoutError|ConnectTimeoutError)$/, "S3 can't be reached"],
];

/** Only the name of an error and its status are quoted: both are words of a fixed form. */
function reasonOf(name: string, status: number | undefined): string {
  const [, reason] = REASONS.find(([names]) => names.test(name)) ?? [];
  const plain = /^\w{1,60}$/.test(name) ? name : "an error";
  const code = `${plain}${status === undefined ? "" : ` ${status}`}`;
  return reason === undefined ? `AWS answered ${code}` : `${reason} (${code})`;
}
