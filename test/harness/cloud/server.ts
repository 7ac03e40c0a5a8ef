/** A stand-in for Pulumi Cloud: as much of its REST API as the CLI uses to publish, require and run policy packs. */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** An answer that is not a success; the CLI prints code and message. */
class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws Refusal where there is none */
function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new Refusal(404, `Not Found: ${name} not found`);
  return thing;
}

/** What `pulumi policy publish` says about a pack (apitype.CreatePolicyPackRequest). */
export interface PackMetadata {
  name: string;
  displayName: string;
  versionTag: string;
  policies: ({ name: string; configSchema?: object } & Record<string, unknown>)[];
  [more: string]: unknown;
}

interface PackVersion {
  version: number;
  metadata: PackMetadata;
  /** The key of the upload's address, which stands for the signed URL of an object store. */
  blob: string;
  tarball?: Buffer;
  complete: boolean;
}

/** A pack in a policy group (apitype.PolicyPackMetadata); an absent versionTag means the latest. */
interface AppliedPack {
  name: string;
  versionTag?: string;
  config?: Record<string, unknown>;
}

interface StackReference {
  name: string;
  routingProject?: string;
}

interface PolicyGroup {
  name: string;
  isOrgDefault: boolean;
  entityType: string;
  mode: string;
  /** Left empty in the default group, which holds every stack. */
  stacks: StackReference[];
  appliedPolicyPacks: AppliedPack[];
}

/** What PATCH …/policygroups/GROUP takes; its /batch takes a list, as `pulumi policy group edit` of 3.274 sends it. */
interface GroupChange {
  addPolicyPack?: AppliedPack;
  removePolicyPack?: AppliedPack;
  addStack?: StackReference;
  /** Whole lists, which 3.259 sends. */
  stacks?: StackReference[];
  policyPacks?: AppliedPack[];
}

/** The policy side of one organization: the versions of its packs, and the groups that require them. */
export class Organization {
  readonly versions: PackVersion[] = [];
  readonly groups = new Map<string, PolicyGroup>();

  constructor(readonly name: string) {
    this.addGroup("default-policy-group", "stacks", "preventative", true);
  }

  addGroup(name: string, entityType: string, mode = "preventative", isOrgDefault = false): void {
    this.groups.set(name, { name, isOrgDefault, entityType, mode, stacks: [], appliedPolicyPacks: [] });
  }

  group(name: string): PolicyGroup {
    return found(this.groups.get(name), `policy group ${name}`);
  }

  /** A published version can't be published again; one whose upload never completed can. */
  publish(metadata: PackMetadata): PackVersion {
    const { name, versionTag } = metadata;
    const same = this.versions.filter((each) => each.metadata.name === name);
    const taken = same.find((each) => each.metadata.versionTag === versionTag);
    if (taken?.complete) throw new Refusal(409, `Conflict: policy pack ${name} version ${versionTag} already exists`);
    if (taken) this.versions.splice(this.versions.indexOf(taken), 1);
    const version = { version: same.length + 1, metadata, blob: randomUUID(), complete: false };
    this.versions.push(version);
    return version;
  }

  /** Makes a version known, unless no tarball has arrived: a pack that nobody can download must not be required. */
  complete(name: string, versionTag: string): void {
    const version = this.versions.find(({ metadata }) => metadata.name === name && metadata.versionTag === versionTag);
    if (!found(version, `policy pack ${name} version ${versionTag}`).tarball)
      throw new Refusal(400, "Bad Request: the policy pack was not uploaded");
    if (version) version.complete = true;
  }

  /** A published version, or the latest without a tag. */
  version(name: string, tag?: string): PackVersion {
    const version = this.versions.findLast(
      ({ complete, metadata }) => complete && metadata.name === name && (!tag || metadata.versionTag === tag),
    );
    return found(version, `policy pack ${name} version ${tag ?? "latest"}`);
  }

  list(): { name: string; displayName: string; versions: number[]; versionTags: string[] }[] {
    const complete = this.versions.filter((each) => each.complete);
    return [...new Set(complete.map(({ metadata }) => metadata.name))].map((name) => {
      const all = complete.filter(({ metadata }) => metadata.name === name);
      const versionTags = all.map(({ metadata }) => metadata.versionTag);
      const { displayName } = this.version(name).metadata;
      return { name, displayName, versions: all.map(({ version }) => version), versionTags };
    });
  }

  /** One version of a pack a group: adding another one takes its place, configuration included. */
  change(name: string, ...changes: GroupChange[]): void {
    for (const { addPolicyPack: add, removePolicyPack: remove, ...change } of changes) {
      const group = this.group(name);
      const stacks = change.stacks ?? [...group.stacks, ...(change.addStack ? [change.addStack] : [])];
      const gone = add?.name ?? remove?.name;
      const packs = (change.policyPacks ?? group.appliedPolicyPacks).filter((each) => each.name !== gone);
      if (add) packs.push({ ...add, versionTag: this.version(add.name, add.versionTag).metadata.versionTag });
      this.groups.set(name, { ...group, stacks, appliedPolicyPacks: packs });
    }
  }

  /** The packs that a stack must run: those of the default group and of the groups that name it. */
  required(project: string, stack: string): { pack: PackVersion; config: Record<string, unknown> }[] {
    const names = (each: StackReference): boolean =>
      each.name === stack && (each.routingProject ?? project) === project;
    return [...this.groups.values()]
      .filter(({ isOrgDefault, stacks }) => isOrgDefault || stacks.some(names))
      .flatMap(({ appliedPolicyPacks }) => appliedPolicyPacks)
      .map(({ name, versionTag, config = {} }) => ({ pack: this.version(name, versionTag), config }));
  }
}

/** A policyEvent as the CLI reports it to the Cloud, where an organization's console shows it. */
export interface PolicyEvent {
  resourceUrn?: string;
  message: string;
  policyName: string;
  enforcementLevel: string;
}

interface EngineEvent {
  policyEvent?: PolicyEvent;
  summaryEvent?: { PolicyPacks?: Record<string, string> };
}

/** A preview, an update, a refresh or a destroy. */
interface Update {
  id: string;
  lease: string;
  events: EngineEvent[];
}

interface Stack {
  org: string;
  project: string;
  name: string;
  tags: Record<string, string>;
  version: number;
  deployment: unknown;
  updates: Update[];
}

/** How many stacks a page of the list has: few, so that a list of three is in pages. */
const PAGE = 2;

class Stacks {
  readonly all: Stack[] = [];

  create(org: string, project: string, name: string, tags: Record<string, string>): Stack {
    const deployment = { manifest: { time: "2024-01-01T00:00:00Z", magic: "", version: "" } };
    const stack = { org, project, name, tags, version: 0, deployment, updates: [] };
    this.all.push(stack);
    return stack;
  }

  get(org: string, project: string, name: string): Stack {
    const stack = this.all.find((each) => each.org === org && each.project === project && each.name === name);
    return found(stack, `stack ${org}/${project}/${name}`);
  }

  /** One page of the stacks, of an organization if one is named, and the token that asks for the next page. */
  page(org: string | null, token: string | null): object {
    const listed = this.all.filter((each) => org === null || each.org === org);
    const [start, end] = [Number(token), Number(token) + PAGE];
    const more = end < listed.length ? { continuationToken: String(end) } : {};
    return { stacks: listed.slice(start, end).map(stackAnswer), ...more };
  }
}

export interface Cloud {
  url: string;
  user: string;
  /** The only token it takes. */
  token: string;
  organization: Organization;
  stacks: Stacks;
  /** "METHOD path status" of every request, oldest first. */
  log: string[];
  /** What a download answers with in place of the uploaded tarball; undefined for the tarball itself. */
  download?: ((pack: PackVersion) => Buffer) | undefined;
  close(): Promise<void>;
}

/** One request: a named part of its path, its query, and its parsed body. */
interface Call {
  cloud: Cloud;
  part: (name: string) => string;
  query: URLSearchParams;
  body: unknown;
}

function organizationOf({ cloud, part }: Call): Organization {
  if (part("org") !== cloud.organization.name) throw new Refusal(404, "Not Found: no such organization");
  return cloud.organization;
}

const stackOf = ({ cloud, part }: Call): Stack => cloud.stacks.get(part("org"), part("project"), part("stack"));
const updateOf = (call: Call): Update =>
  found(
    stackOf(call).updates.find(({ id }) => id === call.part("update")),
    "update",
  );

const stackAnswer = ({ org, project, name, tags, version }: Stack): object => ({
  id: `${org}/${project}/${name}`,
  ...{ orgName: org, projectName: project, stackName: name, tags, version },
});

const requiredPolicies = (call: Call): object[] =>
  call.cloud.organization.required(call.part("project"), call.part("stack")).map(({ pack, config }) => {
    const { name, versionTag, displayName } = pack.metadata;
    const packLocation = `${call.cloud.url}/blobs/${pack.blob}`;
    return { name, version: pack.version, versionTag, displayName, packLocation, config };
  });

function begin(call: Call): object {
  const update = { id: randomUUID(), lease: randomUUID(), events: [] };
  stackOf(call).updates.push(update);
  return { updateID: update.id, requiredPolicies: requiredPolicies(call) };
}

function publish(call: Call): object {
  const { version, blob } = organizationOf(call).publish(call.body as PackMetadata);
  return { version, uploadURI: `${call.cloud.url}/blobs/${blob}`, requiredHeaders: {} };
}

/** `work` answers with an empty object. */
const done =
  (work: (call: Call) => void) =>
  (call: Call): object => {
    work(call);
    return {};
  };

const PACKS = "/api/orgs/:org/policypacks";
const VERSION = `${PACKS}/:pack/versions/:tag`;
const GROUPS = "/api/orgs/:org/policygroups";
const STACK = "/api/stacks/:org/:project/:stack";
/** The CLI calls it an update also when it is a preview. */
const UPDATE = `${STACK}/update/:update`;

/** The calls that ask for the lease of the running update in place of the user's token. */
const LEASED: Record<string, (call: Call) => object> = {
  [`POST ${UPDATE}/events/batch`]: done((call) => {
    updateOf(call).events.push(...(call.body as { events: EngineEvent[] }).events);
  }),
  [`PATCH ${UPDATE}/checkpoint`]: done((call) => {
    updateOf(call);
    stackOf(call).deployment = (call.body as { deployment: unknown }).deployment;
  }),
  [`POST ${UPDATE}/complete`]: done(updateOf),
};

/** Every other call that the CLI makes on the way from login to an evaluated preview. */
const ROUTES: Record<string, (call: Call) => object> = {
  "GET /api/user": ({ cloud: { user, organization } }) => ({
    githubLogin: user,
    name: user,
    organizations: [user, organization.name].map((name) => ({ githubLogin: name, name })),
  }),
  "GET /api/capabilities": () => ({ capabilities: [{ capability: "stack-policy-packs", version: 1 }] }),
  "GET /api/user/organizations/default": ({ cloud }) => ({ GitHubLogin: cloud.organization.name }),
  "GET /api/user/stacks": ({ cloud, query }) =>
    cloud.stacks.page(query.get("organization"), query.get("continuationToken")),
  [`POST ${PACKS}`]: publish,
  [`GET ${PACKS}`]: (call) => ({ policyPacks: organizationOf(call).list() }),
  [`POST ${VERSION}/complete`]: done((call) => {
    organizationOf(call).complete(call.part("pack"), call.part("tag"));
  }),
  [`GET ${VERSION}`]: (call) => {
    const { metadata, version } = organizationOf(call).version(call.part("pack"), call.part("tag"));
    const { name, displayName, versionTag, policies } = metadata;
    return { name, displayName, version, versionTag, policies, applied: false };
  },
  [`GET ${VERSION}/schema`]: (call) => {
    const { metadata } = organizationOf(call).version(call.part("pack"), call.part("tag"));
    const schemas = metadata.policies.flatMap((each) => (each.configSchema ? [[each.name, each.configSchema]] : []));
    return { configSchema: Object.fromEntries(schemas) as unknown };
  },
  [`POST ${GROUPS}`]: done((call) => {
    const { name, entityType, mode } = call.body as { name: string; entityType: string; mode?: string };
    organizationOf(call).addGroup(name, entityType, mode);
  }),
  [`GET ${GROUPS}/:group`]: (call) => ({ ...organizationOf(call).group(call.part("group")), accounts: [] }),
  [`PATCH ${GROUPS}/:group`]: done((call) => {
    organizationOf(call).change(call.part("group"), call.body as GroupChange);
  }),
  [`PATCH ${GROUPS}/:group/batch`]: done((call) => {
    organizationOf(call).change(call.part("group"), ...(call.body as GroupChange[]));
  }),
  // What policies have found in groups of the mode audit: nothing, since nothing is evaluated here.
  "POST /api/orgs/:org/policyresults/issues": (call) => ({
    ...{ organization: organizationOf(call).name, policyIssues: [], rowCount: 0 },
  }),
  "POST /api/orgs/:org/policyresults/compliance": (call) => ({
    ...{ organization: organizationOf(call).name, columns: [], rows: [] },
  }),
  "POST /api/stacks/:org/:project": (call) => {
    const { stackName, tags = {} } = call.body as { stackName: string; tags?: Record<string, string> };
    const { name } = organizationOf(call);
    return stackAnswer(call.cloud.stacks.create(name, call.part("project"), stackName, tags));
  },
  [`GET ${STACK}`]: (call) => stackAnswer(stackOf(call)),
  [`GET ${STACK}/policypacks`]: (call) => ({ requiredPolicies: requiredPolicies(call) }),
  [`POST ${STACK}/encrypt`]: ({ body }) => ({
    ciphertext: Buffer.from(`sealed:${(body as { plaintext: string }).plaintext}`).toString("base64"),
  }),
  [`GET ${STACK}/export`]: (call) => ({ version: 3, deployment: stackOf(call).deployment }),
  [`POST ${STACK}/preview`]: begin,
  [`POST ${STACK}/update`]: begin,
  [`POST ${STACK}/refresh`]: begin,
  [`POST ${STACK}/destroy`]: begin,
  [`POST ${UPDATE}`]: (call) => ({ version: ++stackOf(call).version, token: updateOf(call).lease }),
};

/** Starts one on a free port of the loopback interface. */
export async function startCloud(organization = "acme", user = "developer"): Promise<Cloud> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const cloud: Cloud = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ user, organization: new Organization(organization), stacks: new Stacks(), log: [] },
    token: `pul-${randomBytes(20).toString("hex")}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  server.on("request", (request, response) => {
    void respond(cloud, request).then(([status, answer]) =>
      response.writeHead(status, { "content-length": answer.length }).end(answer),
    );
  });
  return cloud;
}

async function respond(cloud: Cloud, request: IncomingMessage): Promise<[status: number, answer: Buffer]> {
  const { url = "/", method = "", headers } = request;
  const { pathname: path, searchParams: query } = new URL(url, cloud.url);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const content = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  let answer: [number, Buffer];
  try {
    if (path.startsWith("/blobs/")) answer = [200, blob(cloud, method, path.slice("/blobs/".length), content)];
    else {
      const body: unknown = content.length > 0 ? JSON.parse(content.toString()) : undefined;
      const made = dispatch({ cloud, query, body }, method, path, headers.authorization);
      answer = [200, Buffer.from(JSON.stringify(made))];
    }
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 500;
    const message = error instanceof Error ? error.message : String(error);
    answer = [code, Buffer.from(JSON.stringify({ code, message }))];
  }
  cloud.log.push(`${method} ${path} ${answer[0]}`);
  return answer;
}

/** The object store beside the API: the address is the secret, so no token is asked for. */
function blob(cloud: Cloud, method: string, key: string, content: Buffer): Buffer {
  const pack = found(
    cloud.organization.versions.find((each) => each.blob === key),
    "object",
  );
  if (method === "PUT") {
    pack.tarball = content;
    return Buffer.alloc(0);
  }
  return cloud.download?.(pack) ?? found(pack.tarball, "object");
}

function dispatch(call: Omit<Call, "part">, method: string, path: string, authorization = ""): object {
  for (const [routes, isLeased] of [
    [LEASED, true],
    [ROUTES, false],
  ] as const) {
    for (const [route, answer] of Object.entries(routes)) {
      const parts = match(route, `${method} ${path}`);
      if (!parts) continue;
      const whole: Call = { ...call, part: (name) => parts[name] ?? "" };
      const expected = isLeased ? `update-token ${updateOf(whole).lease}` : `token ${call.cloud.token}`;
      if (authorization === expected) return answer(whole);
      throw new Refusal(401, "Unauthorized: No credentials provided or are invalid.");
    }
  }
  throw new Refusal(404, `Not Found: ${method} ${path}`);
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [want, have] = [pattern.split("/"), path.split("/")];
  const parts = want.map((part, at) => [part, decodeURIComponent(have[at] ?? "")] as const);
  if (want.length !== have.length || !parts.every(([part, value]) => part.startsWith(":") || part === value))
    return undefined;
  return Object.fromEntries(parts.map(([part, value]) => [part.slice(1), value]));
}
