import { notFound, Refusal } from "./refusal";

/** A policyEvent as the CLI reports it to the Cloud, where an organization's console shows it. */
export interface PolicyEvent {
  resourceUrn?: string;
  message: string;
  policyName: string;
  policyPackName: string;
  policyPackVersionTag?: string;
  enforcementLevel: string;
  severity?: string;
}

export interface EngineEvent {
  sequence: number;
  policyEvent?: PolicyEvent;
  summaryEvent?: { PolicyPacks?: Record<string, string> };
}

export interface Update {
  id: string;
  /** "preview" or "update"; an update's own preview counts as an update. */
  kind: string;
  lease: string;
  events: EngineEvent[];
  /** What the CLI says at the end: "succeeded" or "failed". */
  status?: string;
}

export interface Stack {
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

/** The stacks of an organization and what ran on them. */
export class Stacks {
  private readonly all: Stack[] = [];

  create(org: string, project: string, name: string, tags: Record<string, string>): Stack {
    if (this.all.some((s) => s.org === org && s.project === project && s.name === name)) {
      throw new Refusal(409, `Conflict: stack ${name} already exists`);
    }
    const deployment = { manifest: { time: "2024-01-01T00:00:00Z", magic: "", version: "" } };
    const stack = { org, project, name, tags, version: 0, deployment, updates: [] };
    this.all.push(stack);
    return stack;
  }

  get(org: string, project: string, name: string): Stack {
    const stack = this.all.find((s) => s.org === org && s.project === project && s.name === name);
    if (!stack) throw notFound(`stack ${org}/${project}/${name}`);
    return stack;
  }

  /** One page of the stacks, of an organization if one is named, and the token that asks for the next page. */
  page(org: string | null, token: string | null): { stacks: Stack[]; continuationToken?: string } {
    const listed = this.all.filter((s) => org === null || s.org === org);
    const [start, end] = [Number(token), Number(token) + PAGE];
    return {
      stacks: listed.slice(start, end),
      ...(end < listed.length ? { continuationToken: String(end) } : {}),
    };
  }

  update(stack: Stack, id: string): Update {
    const update = stack.updates.find((u) => u.id === id);
    if (!update) throw notFound(`update ${id}`);
    return update;
  }

  /** What ran last on a stack. */
  latestUpdate(org: string, project: string, name: string): Update {
    const update = this.get(org, project, name).updates.at(-1);
    if (!update) throw notFound("update");
    return update;
  }
}
