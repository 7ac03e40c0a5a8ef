import { randomUUID } from "node:crypto";

import type { GroupChange, Organization, PackMetadata } from "./organization";
import { notFound } from "./refusal";
import type { EngineEvent, Stack, Stacks, Update } from "./stacks";

export interface CloudState {
  url: string;
  user: string;
  organization: Organization;
  stacks: Stacks;
}

/** One request: a named part of its path, its query, and its parsed body. */
export interface Call {
  state: CloudState;
  part: (name: string) => string;
  query: URLSearchParams;
  body: unknown;
}

export interface Route {
  method: string;
  path: string;
  /** Asks for the lease of the running update in place of the user's token. */
  lease?: true;
  answer: (call: Call) => unknown;
}

function organizationOf({ state, part }: Call): Organization {
  if (part("org") !== state.organization.name) throw notFound(`organization ${part("org")}`);
  return state.organization;
}

export function stackOf({ state, part }: Call): Stack {
  return state.stacks.get(part("org"), part("project"), part("stack"));
}

export function updateOf(call: Call): Update {
  return call.state.stacks.update(stackOf(call), call.part("update"));
}

const stackAnswer = (s: Stack): object => ({
  id: `${s.org}/${s.project}/${s.name}`,
  orgName: s.org,
  projectName: s.project,
  stackName: s.name,
  tags: s.tags,
  version: s.version,
});

function requiredPolicies(call: Call): object[] {
  const { organization, url } = call.state;
  return organization.required(call.part("project"), call.part("stack")).map(({ pack, config }) => ({
    name: pack.metadata.name,
    version: pack.version,
    versionTag: pack.metadata.versionTag,
    displayName: pack.metadata.displayName,
    packLocation: `${url}/blobs/${pack.blob}`,
    config,
  }));
}

function begin(kind: string): (call: Call) => unknown {
  return (call) => {
    const update: Update = {
      id: randomUUID(),
      kind,
      lease: randomUUID(),
      events: [],
    };
    stackOf(call).updates.push(update);
    return { updateID: update.id, requiredPolicies: requiredPolicies(call) };
  };
}

function publish(call: Call): unknown {
  const pack = organizationOf(call).publish(call.body as PackMetadata, randomUUID());
  return { version: pack.version, uploadURI: `${call.state.url}/blobs/${pack.blob}`, requiredHeaders: {} };
}

function saveCheckpoint(call: Call): unknown {
  updateOf(call);
  stackOf(call).deployment = (call.body as { deployment: unknown }).deployment;
  return {};
}

function encrypt(call: Call): unknown {
  const { plaintext } = call.body as { plaintext: string };
  return { ciphertext: Buffer.from(`sealed:${plaintext}`).toString("base64") };
}

const STACK = "/api/stacks/:org/:project/:stack";
/** The CLI calls it an update also when it is a preview. */
const UPDATE = `${STACK}/update/:update`;

/** Every call of the REST API that the CLI makes on the way from login to an evaluated preview. */
export const routes: Route[] = [
  {
    method: "GET",
    path: "/api/user",
    answer: ({ state }) => ({
      githubLogin: state.user,
      name: state.user,
      organizations: [state.user, state.organization.name].map((o) => ({ githubLogin: o, name: o })),
    }),
  },
  {
    method: "GET",
    path: "/api/capabilities",
    answer: () => ({ capabilities: [{ capability: "stack-policy-packs", version: 1 }] }),
  },
  {
    method: "GET",
    path: "/api/user/organizations/default",
    answer: ({ state }) => ({ GitHubLogin: state.organization.name }),
  },
  {
    method: "GET",
    path: "/api/user/stacks",
    answer: ({ state, query }) => {
      const page = state.stacks.page(query.get("organization"), query.get("continuationToken"));
      return { ...page, stacks: page.stacks.map(stackAnswer) };
    },
  },

  { method: "POST", path: "/api/orgs/:org/policypacks", answer: publish },
  {
    method: "GET",
    path: "/api/orgs/:org/policypacks",
    answer: (call) => ({ policyPacks: organizationOf(call).list() }),
  },
  {
    method: "POST",
    path: "/api/orgs/:org/policypacks/:pack/versions/:tag/complete",
    answer: (call) => {
      organizationOf(call).complete(call.part("pack"), call.part("tag"));
      return {};
    },
  },
  {
    method: "GET",
    path: "/api/orgs/:org/policypacks/:pack/versions/:tag",
    answer: (call) => {
      const organization = organizationOf(call);
      const pack = organization.version(call.part("pack"), call.part("tag"));
      const { name, displayName, versionTag, policies } = pack.metadata;
      const applied = organization.isApplied(pack);
      return { name, displayName, version: pack.version, versionTag, policies, applied };
    },
  },
  {
    method: "GET",
    path: "/api/orgs/:org/policypacks/:pack/versions/:tag/schema",
    answer: (call) => {
      const { metadata } = organizationOf(call).version(call.part("pack"), call.part("tag"));
      const schemas = metadata.policies.flatMap((p) => (p.configSchema ? [[p.name, p.configSchema]] : []));
      return { configSchema: Object.fromEntries(schemas) as unknown };
    },
  },

  {
    method: "POST",
    path: "/api/orgs/:org/policygroups",
    answer: (call) => {
      const group = call.body as { name: string; entityType: string; mode?: string };
      organizationOf(call).addGroup(group.name, group.entityType, group.mode);
      return {};
    },
  },
  {
    method: "GET",
    path: "/api/orgs/:org/policygroups/:group",
    answer: (call) => ({ ...organizationOf(call).group(call.part("group")), accounts: [] }),
  },
  {
    method: "PATCH",
    path: "/api/orgs/:org/policygroups/:group",
    answer: (call) => {
      organizationOf(call).change(call.part("group"), call.body as GroupChange);
      return {};
    },
  },
  {
    method: "PATCH",
    path: "/api/orgs/:org/policygroups/:group/batch",
    answer: (call) => {
      organizationOf(call).change(call.part("group"), ...(call.body as GroupChange[]));
      return {};
    },
  },

  // What policies have found in groups of the mode audit: nothing, since nothing is evaluated here.
  {
    method: "POST",
    path: "/api/orgs/:org/policyresults/issues",
    answer: (call) => ({ organization: organizationOf(call).name, policyIssues: [], rowCount: 0 }),
  },
  {
    method: "POST",
    path: "/api/orgs/:org/policyresults/compliance",
    answer: (call) => ({ organization: organizationOf(call).name, columns: [], rows: [] }),
  },

  {
    method: "POST",
    path: "/api/stacks/:org/:project",
    answer: (call) => {
      const { stackName, tags } = call.body as { stackName: string; tags?: Record<string, string> };
      const org = organizationOf(call).name;
      return stackAnswer(call.state.stacks.create(org, call.part("project"), stackName, tags ?? {}));
    },
  },
  { method: "GET", path: STACK, answer: (call) => stackAnswer(stackOf(call)) },
  {
    method: "GET",
    path: `${STACK}/policypacks`,
    answer: (call) => ({ requiredPolicies: requiredPolicies(call) }),
  },
  { method: "POST", path: `${STACK}/encrypt`, answer: encrypt },
  {
    method: "GET",
    path: `${STACK}/export`,
    answer: (call) => ({ version: 3, deployment: stackOf(call).deployment }),
  },
  { method: "POST", path: `${STACK}/preview`, answer: begin("preview") },
  { method: "POST", path: `${STACK}/update`, answer: begin("update") },
  { method: "POST", path: `${STACK}/refresh`, answer: begin("refresh") },
  { method: "POST", path: `${STACK}/destroy`, answer: begin("destroy") },
  {
    method: "POST",
    path: UPDATE,
    answer: (call) => ({ version: ++stackOf(call).version, token: updateOf(call).lease }),
  },
  {
    method: "POST",
    path: `${UPDATE}/events/batch`,
    lease: true,
    answer: (call) => {
      updateOf(call).events.push(...(call.body as { events: EngineEvent[] }).events);
      return {};
    },
  },
  { method: "PATCH", path: `${UPDATE}/checkpoint`, lease: true, answer: saveCheckpoint },
  {
    method: "POST",
    path: `${UPDATE}/complete`,
    lease: true,
    answer: (call) => {
      updateOf(call).status = (call.body as { status: string }).status;
      return {};
    },
  },
];
