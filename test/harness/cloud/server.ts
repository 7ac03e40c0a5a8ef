/** A stand-in for Pulumi Cloud: as much of its REST API as the CLI uses to publish, require and run policy packs. */
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { listen, Refusal, type Listening } from "../listen";
import { Exceptions, isMatched, type Rule } from "./exceptions";

/** @throws Refusal where there is none, which the CLI prints */
function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new Refusal(404, `Not Found: ${name} not found`);
  return thing;
}

/** The description of a pack that `pulumi policy publish` sends (apitype.CreatePolicyPackRequest). */
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

interface PolicyGroup {
  name: string;
  isOrgDefault: boolean;
  mode: string;
  stackMatchRule?: Rule | undefined;
  /** Left empty in the default group, which holds every stack. */
  stacks: { name: string; routingProject?: string }[];
  appliedPolicyPacks: AppliedPack[];
}

/** The body of PATCH …/policygroups/GROUP; its /batch takes a list, as `pulumi policy group edit` sends it. */
interface GroupChange {
  addPolicyPack?: AppliedPack;
  removePolicyPack?: AppliedPack;
  addStack?: PolicyGroup["stacks"][number];
  stackMatchRule?: Rule;
  removeStackMatchRule?: boolean;
}

/** The policy side of one organization: the versions of its packs, and the groups that require them. */
export class Organization {
  readonly versions: PackVersion[] = [];
  readonly groups = new Map<string, PolicyGroup>();
  readonly exceptions: Exceptions;

  constructor(readonly name: string) {
    this.exceptions = new Exceptions(name);
    this.addGroup({ name: "default-policy-group", mode: "preventative", isOrgDefault: true });
  }

  addGroup(group: Pick<PolicyGroup, "name" | "mode" | "stackMatchRule"> & Partial<PolicyGroup>): void {
    this.groups.set(group.name, { isOrgDefault: false, stacks: [], appliedPolicyPacks: [], ...group });
  }

  group(name: string): PolicyGroup {
    return found(this.groups.get(name), `policy group ${name}`);
  }

  publish(metadata: PackMetadata): PackVersion {
    const { length } = this.versions.filter((each) => each.metadata.name === metadata.name);
    const version = { version: length + 1, metadata, blob: randomUUID(), complete: false };
    this.versions.push(version);
    return version;
  }

  /** Makes a version known whose tarball has arrived. */
  complete(name: string, versionTag: string): void {
    const isMeant = ({ metadata, tarball }: PackVersion): boolean =>
      tarball !== undefined && metadata.name === name && metadata.versionTag === versionTag;
    found(this.versions.find(isMeant), `policy pack ${name} version ${versionTag}`).complete = true;
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
    const group = this.group(name);
    for (const { addPolicyPack: add, removePolicyPack: remove, addStack, ...change } of changes) {
      const gone = add?.name ?? remove?.name;
      group.appliedPolicyPacks = group.appliedPolicyPacks.filter((each) => each.name !== gone);
      const versionTag = add && this.version(add.name, add.versionTag).metadata.versionTag;
      if (add && versionTag !== undefined) group.appliedPolicyPacks.push({ ...add, versionTag });
      if (addStack) group.stacks.push(addStack);
      if (change.removeStackMatchRule) group.stackMatchRule = undefined;
      if (change.stackMatchRule) group.stackMatchRule = change.stackMatchRule;
    }
  }

  /** The packs that a stack must run. */
  required(stack: Stack): { pack: PackVersion; config: Record<string, unknown> }[] {
    return [...this.groups.values()]
      .filter((group) => group.mode !== "audit" && isMember(stack, group))
      .flatMap(({ appliedPolicyPacks }) => appliedPolicyPacks)
      .map(({ name, versionTag, config = {} }) => ({ pack: this.version(name, versionTag), config }));
  }
}

/** Whether a stack is in the default group, or in one that names it or whose rule fits its tags. */
const isMember = ({ project, name, tags }: Stack, { isOrgDefault, stacks, stackMatchRule }: PolicyGroup): boolean =>
  isOrgDefault ||
  isMatched(stackMatchRule, tags) ||
  stacks.some((each) => each.name === name && each.routingProject === project);

/** An event of a run, as the CLI reports it to the Cloud, where an organization's console shows it. */
interface EngineEvent {
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
  summaryEvent?: { PolicyPacks?: Record<string, string> };
}

/** A preview, an update, a refresh or a destroy. */
interface Update {
  id: string;
  kind: string;
  /** Of an update, and not of a preview. */
  version?: number;
  lease: string;
  events: EngineEvent[];
}

interface Stack {
  org: string;
  project: string;
  name: string;
  tags: Record<string, string>;
  version: number;
  /** When its last update began, in seconds. */
  lastUpdate?: number;
  deployment: unknown;
  updates: Update[];
}

class Stacks {
  readonly all: Stack[] = [];
  /** How many a page of the list has: few, so that a list of three is in pages. */
  page = 2;

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

  /** One page of the stacks, of an organization and with a tag if these are named, and the token that asks for the next page. */
  list(query: URLSearchParams): object {
    const [org, token, tag, value] = ["organization", "continuationToken", "tagName", "tagValue"].map((key) =>
      query.get(key),
    );
    const isTagged = ({ tags }: Stack): boolean => !tag || (tag in tags && (!value || tags[tag] === value));
    const listed = this.all.filter((each) => (!org || each.org === org) && isTagged(each));
    const [start, end] = [Number(token), Number(token) + this.page];
    const more = end < listed.length ? { continuationToken: String(end) } : {};
    return { stacks: listed.slice(start, end).map(stackAnswer), ...more };
  }
}

export interface Cloud extends Listening {
  user: string;
  /** The only token it takes. */
  token: string;
  organization: Organization;
  stacks: Stacks;
  /** "METHOD path status" of every request, oldest first. */
  log: string[];
  /** The answer to a download in place of the uploaded tarball; undefined for the tarball itself. */
  download?: ((pack: PackVersion) => Buffer) | undefined;
  /** Whether it has had too many requests by now. */
  isBusy: (path: string) => boolean;
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

const versionOf = (call: Call): PackVersion => organizationOf(call).version(call.part("pack"), call.part("tag"));
const stackOf = ({ cloud, part }: Call): Stack => cloud.stacks.get(part("org"), part("project"), part("stack"));
function updateOf(call: Call): Update {
  const isMeant = ({ id }: Update): boolean => id === call.part("update");
  return found(stackOf(call).updates.find(isMeant), "update");
}

type PolicyExceptionRequest = Parameters<Exceptions["create"]>[0];
const changeOf = (call: Call) =>
  found(organizationOf(call).exceptions.changes.get(call.part("change")), "change request");

const stackAnswer = ({ org, project, name, tags, version, lastUpdate }: Stack): object => ({
  id: `${org}/${project}/${name}`,
  orgName: org,
  projectName: project,
  stackName: name,
  tags,
  version,
  lastUpdate,
});

const requiredPolicies = (call: Call): object[] =>
  call.cloud.organization.required(stackOf(call)).map(({ pack, config }) => {
    const { name, versionTag, displayName } = pack.metadata;
    const packLocation = `${call.cloud.url}/blobs/${pack.blob}`;
    const active = call.cloud.organization.exceptions.isSupported
      ? call.cloud.organization.exceptions.active(name)
      : [];
    const exceptions = Object.fromEntries(active.map(({ id, reason, match }) => [id, { reason, match }]));
    return { name, version: pack.version, versionTag, displayName, packLocation, config, exceptions };
  });

const begin = (kind: string) => (call: Call) => {
  const update = { id: randomUUID(), lease: randomUUID(), kind, events: [] };
  stackOf(call).updates.push(update);
  return { updateID: update.id, requiredPolicies: requiredPolicies(call) };
};

function start(call: Call): object {
  const [stack, update] = [stackOf(call), updateOf(call)];
  if (update.kind !== "preview") {
    update.version = ++stack.version;
    stack.lastUpdate = Math.floor(Date.now() / 1000);
  }
  return { version: stack.version, token: update.lease };
}

const PACKS = "/api/orgs/:org/policypacks";
const VERSION = `${PACKS}/:pack/versions/:tag`;
const GROUPS = "/api/orgs/:org/policygroups";
const EXCEPTIONS = "/api/orgs/:org/policy/exceptions";
const CHANGE = "/api/change-requests/:org/:change";
const STACK = "/api/stacks/:org/:project/:stack";
/** The CLI calls it an update also when it is a preview. */
const UPDATE = `${STACK}/update/:update`;
/** No answer is an empty object. */
type Routes = Readonly<Record<string, (call: Call) => unknown>>;

/** The calls that ask for the lease of the running update in place of the user's token. */
const LEASED: Routes = {
  [`POST ${UPDATE}/events/batch`]: (call) => {
    updateOf(call).events.push(...(call.body as { events: EngineEvent[] }).events);
  },
  [`PATCH ${UPDATE}/checkpoint`]: (call) => {
    stackOf(call).deployment = (call.body as { deployment: unknown }).deployment;
  },
  [`POST ${UPDATE}/complete`]: () => undefined,
};

/** Every other call that the CLI makes on the way from login to an evaluated preview. */
const ROUTES: Routes = {
  "GET /api/user": ({ cloud: { user, organization } }) => ({
    githubLogin: user,
    name: user,
    organizations: [user, organization.name].map((name) => ({ githubLogin: name, name })),
  }),
  "GET /api/capabilities": () => ({ capabilities: [{ capability: "stack-policy-packs", version: 1 }] }),
  "GET /api/user/organizations/default": ({ cloud }) => ({ GitHubLogin: cloud.organization.name }),
  "GET /api/user/stacks": ({ cloud, query }) => cloud.stacks.list(query),
  [`POST ${PACKS}`]: (call) => {
    const { version, blob } = organizationOf(call).publish(call.body as PackMetadata);
    return { version, uploadURI: `${call.cloud.url}/blobs/${blob}`, requiredHeaders: {} };
  },
  [`GET ${PACKS}`]: (call) => ({ policyPacks: organizationOf(call).list() }),
  [`POST ${VERSION}/complete`]: (call) => {
    organizationOf(call).complete(call.part("pack"), call.part("tag"));
  },
  [`GET ${VERSION}`]: (call) => {
    const { metadata, version } = versionOf(call);
    const { name, displayName, versionTag, policies } = metadata;
    return { name, displayName, version, versionTag, policies, applied: false };
  },
  [`GET ${VERSION}/schema`]: (call) => {
    const { policies } = versionOf(call).metadata;
    const schemas = policies.flatMap((each) => (each.configSchema ? [[each.name, each.configSchema]] : []));
    return { configSchema: Object.fromEntries(schemas) as unknown };
  },
  [`POST ${GROUPS}`]: (call) => {
    organizationOf(call).addGroup(call.body as PolicyGroup);
  },
  [`GET ${GROUPS}/:group`]: (call) => ({ ...organizationOf(call).group(call.part("group")), accounts: [] }),
  [`GET ${GROUPS}/:group/stacks`]: (call) => {
    const group = organizationOf(call).group(call.part("group"));
    const all = call.cloud.stacks.all.filter((stack) => isMember(stack, group));
    return { stacks: all.map(({ name, project, tags }) => ({ name, routingProject: project, tags, source: "rule" })) };
  },
  [`PATCH ${GROUPS}/:group`]: (call) => {
    organizationOf(call).change(call.part("group"), call.body as GroupChange);
  },
  [`PATCH ${GROUPS}/:group/batch`]: (call) => {
    organizationOf(call).change(call.part("group"), ...(call.body as GroupChange[]));
  },
  // The findings in groups of the mode audit: none, since nothing is evaluated here.
  "POST /api/orgs/:org/policyresults/issues": () => ({ policyIssues: [], rowCount: 0 }),
  "POST /api/orgs/:org/policyresults/compliance": () => ({ columns: [], rows: [] }),
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
  ...Object.fromEntries(
    ["preview", "update", "refresh", "destroy"].map((kind) => [`POST ${STACK}/${kind}`, begin(kind)]),
  ),
  [`POST ${UPDATE}`]: start,
  [`PATCH ${STACK}/tags`]: (call) => {
    stackOf(call).tags = call.body as Stack["tags"];
  },
  // The previews since the latest update, and the updates, the newest first.
  [`GET ${STACK}/updates/latest/previews`]: (call) => {
    const { updates } = stackOf(call);
    const latest = updates.slice(updates.findLastIndex(({ version }) => version !== undefined) + 1);
    return { updates: latest.reverse().map(({ id }) => ({ updateID: id })) };
  },
  [`GET ${STACK}/updates`]: (call) => ({
    updates: stackOf(call)
      .updates.flatMap(({ version }) => (version === undefined ? [] : [{ version }]))
      .reverse(),
  }),
  [`GET ${UPDATE}/events`]: (call) => {
    const isMeant = ({ id, version }: Update): boolean => [id, String(version)].includes(call.part("update"));
    const { events } = found(stackOf(call).updates.findLast(isMeant), "update");
    return { events: events.filter(({ policyEvent }) => policyEvent) };
  },
  [`GET ${EXCEPTIONS}`]: (call) => {
    const active = organizationOf(call).exceptions.active(call.query.get("policyPack") ?? undefined);
    const [start, end] = [Number(call.query.get("continuationToken")), Number(call.query.get("continuationToken")) + 2];
    return { exceptions: active.slice(start, end), ...(end < active.length && { continuationToken: String(end) }) };
  },
  [`POST ${EXCEPTIONS}`]: (call) => organizationOf(call).exceptions.create(call.body as PolicyExceptionRequest),
  [`POST ${EXCEPTIONS}/drafts`]: (call) => organizationOf(call).exceptions.draft(call.body as PolicyExceptionRequest),
  [`GET ${CHANGE}`]: (call) => ({ id: call.part("change"), ...changeOf(call) }),
  [`POST ${CHANGE}/submit`]: (call) => {
    changeOf(call).status = "pending";
  },
};

/** Starts one on a free port of the loopback interface. */
export async function startCloud(organization: string): Promise<Cloud> {
  const listening = await listen(async (request, response) => {
    const [status, answer] = await respond(cloud, request);
    cloud.log.push(`${request.method ?? ""} ${new URL(request.url ?? "/", cloud.url).pathname} ${status}`);
    const wait = status === 429 && { "retry-after": "1" };
    response.writeHead(status, { "content-length": answer.length, ...wait }).end(answer);
  });
  const cloud: Cloud = {
    ...listening,
    user: "developer",
    token: `pul-${randomBytes(20).toString("hex")}`,
    organization: new Organization(organization),
    stacks: new Stacks(),
    log: [],
    isBusy: () => false,
  };
  return cloud;
}

async function respond(cloud: Cloud, request: IncomingMessage): Promise<[status: number, answer: Buffer]> {
  const { url = "/", method = "", headers } = request;
  const { pathname: path, searchParams: query } = new URL(url, cloud.url);
  const sent = await buffer(request);
  const content = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  try {
    if (cloud.isBusy(path)) throw new Refusal(429, "Too Many Requests");
    if (path.startsWith("/blobs/")) return [200, blob(cloud, method, path.slice("/blobs/".length), content)];
    const body: unknown = content.length > 0 ? JSON.parse(content.toString()) : undefined;
    const answer = dispatch({ cloud, query, body }, `${method} ${path}`, headers.authorization) ?? {};
    // By 200 it would say that the same exception was there already.
    return [/^POST .*\/policy\/exceptions$/.test(`${method} ${path}`) ? 201 : 200, Buffer.from(JSON.stringify(answer))];
  } catch (error) {
    const code = error instanceof Refusal ? error.status : 500;
    return [code, Buffer.from(JSON.stringify({ code, message: (error as Error).message }))];
  }
}

/** The object store beside the API: the address is the secret, so no token is asked for. */
function blob(cloud: Cloud, method: string, key: string, content: Buffer): Buffer {
  const isMeant = (each: PackVersion): boolean => each.blob === key;
  const pack = found(cloud.organization.versions.find(isMeant), "object");
  if (method !== "PUT") return cloud.download?.(pack) ?? found(pack.tarball, "object");
  pack.tarball = content;
  return Buffer.alloc(0);
}

function dispatch(call: Omit<Call, "part">, request: string, authorization: string | undefined): unknown {
  for (const routes of [LEASED, ROUTES]) {
    for (const [route, answer] of Object.entries(routes)) {
      const parts = match(route, request);
      if (!parts) continue;
      const whole: Call = { ...call, part: (name) => parts[name] ?? "" };
      const expected = routes === LEASED ? `update-token ${updateOf(whole).lease}` : `token ${call.cloud.token}`;
      if (authorization === expected) return answer(whole);
      throw new Refusal(401, "Unauthorized: No credentials provided or are invalid.");
    }
  }
  throw new Refusal(404, `Not Found: ${request}`);
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [want, have] = [pattern.split("/"), path.split("/")];
  const parts = want.map((part, at) => [part, decodeURIComponent(have[at] ?? "")] as const);
  if (want.length !== have.length || !parts.every(([part, value]) => part.startsWith(":") || part === value))
    return undefined;
  return Object.fromEntries(parts.map(([part, value]) => [part.slice(1), value]));
}
